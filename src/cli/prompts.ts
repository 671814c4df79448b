import inquirer from 'inquirer';
import { applies, type Choice, choices, type TextChoice } from '../answers/choices.ts';
import { suggestKebab } from '../answers/kebab-case.ts';
import { defaultValueOf } from '../answers/parse.ts';
import { InterruptedError } from '../base/errors.ts';
import type { Style } from './terminal.ts';
import { unbroken, wrapped } from './wrapped.ts';

/** Asks for every choice that applies and was not given. @throws InterruptedError on Ctrl-C. */
export async function askForMissing(
  given: Readonly<Record<string, unknown>>,
  style: Style,
): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = { ...given };
  for (const choice of choices) {
    const chosen = textsOf(answers);
    if (answers[choice.key] !== undefined || !isAsked(choice, chosen)) continue;
    answers[choice.key] = await ask(choice, chosen, style);
  }
  return answers;
}

function isAsked(choice: Choice, chosen: Readonly<Record<string, string>>): boolean {
  return applies(choice, chosen) && !(choice.kind === 'select' && choice.isAsked === false);
}

/** Asks one question. @throws InterruptedError on Ctrl-C. */
export async function ask(
  choice: Choice,
  chosen: Readonly<Record<string, string>>,
  style: Style,
): Promise<string> {
  try {
    const { answer } = await inquirer.prompt([questionOf(choice, chosen, style)]);
    return String(answer);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new InterruptedError();
    throw error;
  }
}

function questionOf(choice: Choice, chosen: Readonly<Record<string, string>>, style: Style) {
  const asked = { name: 'answer' as const, message: choice.question };
  if (choice.kind === 'select') {
    return {
      ...asked,
      type: 'select' as const,
      theme: themeOf(choice, '', style),
      default: choice.default,
      choices: choice.options.map(({ value, title, help }) => ({
        value,
        name: title,
        description: wrapped(help, style.columns),
        short: title,
      })),
    };
  }
  const proposed = defaultValueOf(choice, chosen);
  return {
    ...asked,
    type: 'input' as const,
    theme: themeOf(choice, proposed, style),
    default: proposed,
    // Runs at every key: what is wrong, or what will be taken instead, is seen before Enter.
    transformer: (text: string, { isFinal }: { isFinal?: boolean }) =>
      isFinal === true || text === ''
        ? repaired(choice, text)
        : `${text}${remarkOn(choice, text, style)}`,
    filter: (text: string) => repaired(choice, text),
    validate: (text: string) => {
      const verdict = choice.check(repaired(choice, text));
      return verdict.ok || `This ${verdict.reason}.`;
    },
  };
}

/**
 * The question with its help, in lines that break between words and leave room for what is proposed;
 * once it is answered, the question alone.
 */
function themeOf({ help }: Choice, proposed: string, style: Style) {
  const prefix = '? ';
  const room = unbroken(' '.repeat(`(${proposed})`.length));
  function message(question: string, status: string): string {
    const further = status === 'done' ? '' : ` ${style.dim(`(${help})`)} ${room}`;
    const text = wrapped(style.bold(question) + further, style.columns - prefix.length);
    return text.replace(/ +$/, '');
  }
  return { style: { message } };
}

/** `Order Items` → `order-items`: what is only spelt otherwise is put right; other advice is for the person. */
function repaired(choice: TextChoice, text: string): string {
  const verdict = choice.check(text);
  const spelt = suggestKebab(text);
  return !verdict.ok && spelt !== undefined && verdict.suggestion === spelt ? spelt : text;
}

function remarkOn(choice: TextChoice, text: string, style: Style): string {
  const verdict = choice.check(text);
  if (verdict.ok)
    return verdict.warning === undefined ? '' : style.yellow(`  ! ${verdict.warning}`);
  const repair = repaired(choice, text);
  return repair === text ? style.red(`  ✗ ${verdict.reason}`) : style.dim(`  → ${repair}`);
}

function textsOf(answers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(answers).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}
