import { quoted } from '../answers/parse.ts';
import { BadInputError } from '../base/errors.ts';
import type { AddedAnswers, Addition, Question, Surroundings } from './addition.ts';

/** The first question that has no answer yet. */
export function nextQuestion(
  addition: Addition,
  around: Surroundings,
  answers: AddedAnswers,
): Question | undefined {
  return addition.questions(around, answers).find(({ key }) => answers[key] === undefined);
}

/**
 * Checks what was given, and takes the default of what was not.
 *
 * @throws BadInputError naming the answer that cannot be used, or the flag that is missing.
 */
export function completeAnswers(
  addition: Addition,
  around: Surroundings,
  given: AddedAnswers,
): AddedAnswers {
  const answers: Record<string, string> = {};
  let question = nextQuestion(addition, around, answers);
  while (question !== undefined) {
    const text = given[question.key] ?? question.default;
    if (text === undefined) throw missing(addition, question);
    answers[question.key] = checked(addition, question, text, answers);
    question = nextQuestion(addition, around, answers);
  }
  const idle = Object.keys(given).find((key) => answers[key] === undefined);
  if (idle === undefined) return answers;
  throw new BadInputError(
    `${around.service.manifest.name} needs no --${idle} for this.`,
    `leave --${idle} out`,
  );
}

/** The form in which an answer is taken. @throws BadInputError when it cannot be used. */
export function checked(
  { kind }: Addition,
  { key, noun, check }: Question,
  text: string,
  before: AddedAnswers,
): string {
  const verdict = check(text);
  if (verdict.ok) return verdict.value;
  const { reason, suggestion } = verdict;
  const meant = { ...before, [key]: suggestion };
  const words = Object.entries(meant).map(([name, value]) =>
    name === 'name' ? value : `--${name} ${value}`,
  );
  throw new BadInputError(
    `The ${noun} ${quoted(text)} ${reason}.`,
    suggestion === undefined ? undefined : `create-service add ${kind} ${words.join(' ')}`,
  );
}

function missing({ kind, example }: Addition, { flag, noun }: Question): BadInputError {
  return new BadInputError(
    `The ${noun} is missing (--${flag}) and nobody can be asked here.`,
    `create-service add ${kind} ${example}`,
  );
}
