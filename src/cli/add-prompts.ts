import { additions } from '../../generators/additions.ts';
import type { AddedAnswers, Addition, Question, Surroundings } from '../add/addition.ts';
import { checked, nextQuestion } from '../add/answers.ts';
import type { Choice } from '../answers/choices.ts';
import { ask } from './prompts.ts';
import type { Style } from './terminal.ts';

/** Asks what is to be added. @throws InterruptedError on Ctrl-C. */
export function askKind(style: Style): Promise<string> {
  const options = additions.map(({ kind, description }) => ({
    value: kind,
    title: kind,
    help: description,
  }));
  return ask(
    {
      kind: 'select',
      key: 'kind',
      flag: 'kind',
      question: 'What shall be added?',
      help: 'to this service',
      default: options[0]?.value ?? '',
      options,
    },
    {},
    style,
  );
}

/** Asks every question that was not answered, each in the light of the answers before it. */
export async function askQuestions(
  addition: Addition,
  around: Surroundings,
  given: AddedAnswers,
  style: Style,
): Promise<AddedAnswers> {
  const answers: Record<string, string> = {};
  let question = nextQuestion(addition, around, answers);
  while (question !== undefined) {
    const text =
      given[question.key] ?? onlyOne(question) ?? (await ask(choiceOf(question), {}, style));
    answers[question.key] = checked(addition, question, text, answers);
    question = nextQuestion(addition, around, answers);
  }
  return answers;
}

/** Nobody is asked what has one answer. */
function onlyOne({ offers = [], default: given }: Question): string | undefined {
  return offers.length === 1 ? given : undefined;
}

/** A question in the form in which choices are asked: a list where its answers are known. */
function choiceOf({ offers = [], ...question }: Question): Choice {
  const [first] = offers;
  if (first === undefined) {
    const given = question.default;
    return { ...question, kind: 'text', maxLength: 200, default: () => given ?? '' };
  }
  return {
    ...question,
    kind: 'select',
    options: offers,
    default: question.default ?? first.value,
  };
}
