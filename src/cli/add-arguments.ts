import { additions } from '../../generators/additions.ts';
import type { AddedAnswers } from '../add/addition.ts';
import { laterChoices } from '../add/bus-questions.ts';
import { quoted } from '../answers/parse.ts';
import { BadInputError } from '../base/errors.ts';
import { settings, switches } from './arguments.ts';
import { readFlags } from './flags.ts';

/** What a command line of `add` says, with nothing decided yet. */
export interface AddArguments {
  readonly kind: string | undefined;
  readonly given: AddedAnswers;
  readonly cwd: string;
  readonly switches: Readonly<Record<AddSwitch, boolean>>;
}

type AddSwitch = 'yes' | 'dry-run' | 'diff' | 'no-install' | 'json' | 'help';

/** The flags of `add` that are no answer, with their help. */
export const addFlags: Readonly<Record<string, string>> = {
  [`cwd ${settings.cwd.value}`]:
    'the folder of the service, or one in it (default: the current one)',
  yes: 'ask nothing: take defaults, and refuse what has none',
  'dry-run': switches['dry-run'],
  diff: switches.diff,
  'no-install': 'do not install what a bus needs',
  json: switches.json,
  help: switches.help,
};

/** The flags of every addition's questions, and of the choices that a service may still have before it. */
function answerFlags(): readonly string[] {
  const questions = additions.flatMap((addition) => addition.questions(undefined, {}));
  return [...new Set([...questions, ...laterChoices].map(({ flag }) => flag))];
}

/**
 * Reads the command line after `add`: a kind, a name, flags.
 *
 * @throws BadInputError naming the first argument that is unknown or lacks its value.
 */
export function parseAddArguments(argv: readonly string[]): AddArguments {
  const flags = answerFlags();
  const names = ['yes', 'dry-run', 'diff', 'no-install', 'json', 'help'];
  const { text, isOn, words } = readFlags(argv, [...flags, 'cwd'], names);
  const [kind, first, ...more] = words;
  // Nobody minds the quotes: add endpoint POST /orders
  const name = kind === 'endpoint' ? words.slice(1).join(' ') || undefined : first;
  const [extra] = name === first ? more : [];
  if (extra !== undefined) {
    throw new BadInputError(
      `One name is expected, but ${quoted(extra)} follows ${quoted(name ?? '')}.`,
      'put a name of several words in kebab-case: create-service add event order-shipped',
    );
  }
  const given = flags.flatMap((flag) => {
    const value = flag === 'name' ? (name ?? text(flag)) : text(flag);
    return value === undefined ? [] : [[flag, value] as const];
  });
  return {
    kind,
    given: Object.fromEntries(given),
    cwd: text('cwd') ?? process.cwd(),
    switches: {
      yes: isOn('yes'),
      'dry-run': isOn('dry-run'),
      diff: isOn('diff'),
      'no-install': isOn('no-install'),
      json: isOn('json'),
      help: isOn('help'),
    },
  };
}
