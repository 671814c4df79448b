import { BadInputError } from '../base/errors.ts';
import { type Answers, applies, type Choice, choices, switchOf } from './choices.ts';

/** Complete, valid answers, and what a person should still be told about them. */
export interface ParsedAnswers {
  readonly answers: Answers;
  readonly warnings: readonly string[];
}

/** How to fill what was not given. */
export interface ParseOptions {
  /** Take the default even of what only a person knows (`--yes`). */
  readonly takeDefaults?: boolean;
}

/**
 * Turns whatever was given (flags, a file, a caller's object) into complete answers.
 *
 * @throws BadInputError naming the first value that cannot be used, or the flag that is missing.
 */
export function parseAnswers(
  given: Readonly<Record<string, unknown>>,
  options: ParseOptions = {},
): ParsedAnswers {
  refuseUnknown(given);
  const chosen: Record<string, string> = {};
  const warnings: string[] = [];
  for (const choice of choices) {
    if (!applies(choice, chosen)) {
      refuseInapplicable(choice, given, chosen);
      continue;
    }
    const text = textOf(choice, given[choice.key]) ?? defaultOf(choice, chosen, options);
    const { value, warning } = parseChoice(choice, text);
    chosen[choice.key] = value;
    if (warning !== undefined) warnings.push(warning);
  }
  const { name = '', description = '', ...rest } = chosen;
  return { answers: { name, ...rest, description }, warnings };
}

/** Checks one answer. @throws BadInputError saying what is allowed and what to type. */
function parseChoice(choice: Choice, text: string): { value: string; warning?: string } {
  if (choice.kind === 'select') {
    if (choice.options.some(({ value }) => value === text)) return { value: text };
    throw new BadInputError(
      `${quoted(text)} is not a ${choice.key}; allowed: ${allowedOf(choice)}.`,
      `--${choice.flag} ${choice.default}`,
    );
  }
  const verdict = choice.check(text);
  if (verdict.ok) return verdict;
  throw new BadInputError(
    `The ${choice.key} ${quoted(text)} ${verdict.reason}.`,
    verdict.suggestion === undefined ? undefined : `create-service ${verdict.suggestion}`,
  );
}

/** The default of a choice, given what was chosen before it. */
export function defaultValueOf(choice: Choice, chosen: Readonly<Record<string, string>>): string {
  return choice.kind === 'select' ? choice.default : choice.default(chosen.name ?? '');
}

function defaultOf(
  choice: Choice,
  chosen: Readonly<Record<string, string>>,
  options: ParseOptions,
): string {
  if (choice.kind === 'text' && choice.mustBeGiven === true && options.takeDefaults !== true) {
    throw new BadInputError(
      `The ${choice.key} is missing and nobody can be asked here.`,
      `create-service NAME (or --${choice.flag} NAME, or --yes for "${defaultValueOf(choice, chosen)}")`,
    );
  }
  return defaultValueOf(choice, chosen);
}

function textOf(choice: Choice, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  throw new BadInputError(`The ${choice.key} must be a text, not ${JSON.stringify(value)}.`);
}

function refuseUnknown(given: Readonly<Record<string, unknown>>): void {
  const known = choices.map(({ key }) => key);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new BadInputError(`${quoted(unknown)} is not an answer; known are ${known.join(', ')}.`);
  }
}

function refuseInapplicable(
  choice: Choice,
  given: Readonly<Record<string, unknown>>,
  chosen: Readonly<Record<string, string>>,
): void {
  if (given[choice.key] === undefined || choice.onlyWith === undefined) return;
  let needed = switchOf(choice.onlyWith);
  // A choice that is itself not made cannot be the reason.
  while (chosen[needed.choice.key] === undefined && needed.choice.onlyWith !== undefined)
    needed = switchOf(needed.choice.onlyWith);
  const { flag, key } = needed.choice;
  throw new BadInputError(
    `With --${flag} ${chosen[key]} there is no ${choice.key}.`,
    `leave --${choice.flag} out, or choose --${flag} ${needed.values.join(' or ')}`,
  );
}

function allowedOf(choice: Extract<Choice, { kind: 'select' }>): string {
  return choice.options.map(({ value }) => value).join(', ');
}

/** Text of a stranger in a sentence: quoted, short, and with nothing that a terminal would obey. */
export function quoted(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(shown).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
