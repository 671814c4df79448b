import { quoted } from '../answers/parse.ts';
import { BadInputError } from '../base/errors.ts';
import { settings, switches } from './arguments.ts';
import { readFlags } from './flags.ts';

/** What a command line of `remove` says. */
export interface RemoveArguments {
  readonly kind: string;
  readonly name: string;
  readonly cwd: string;
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** The flags of `remove`, with their help. */
export const removeFlags: Readonly<Record<string, string>> = {
  [`cwd ${settings.cwd.value}`]:
    'the folder of the service, or one in it (default: the current one)',
  'dry-run': 'show what would be written and removed, and do nothing',
  diff: switches.diff,
  json: switches.json,
  help: switches.help,
};

/**
 * Reads the command line after `remove`: a kind, a name, flags.
 *
 * @throws BadInputError naming the first argument that is unknown or missing.
 */
export function parseRemoveArguments(argv: readonly string[]): RemoveArguments {
  const { text, isOn, words } = readFlags(argv, ['cwd'], ['dry-run', 'diff', 'json', 'help']);
  const [kind, name, extra] = words;
  const help = isOn('help');
  if (extra !== undefined) {
    throw new BadInputError(
      `One name is expected, but ${quoted(extra)} follows ${quoted(name ?? '')}.`,
      `create-service remove ${kind} ${name}`,
    );
  }
  if (!help && (kind === undefined || name === undefined)) {
    throw new BadInputError(
      kind === undefined ? 'What shall be removed is missing.' : 'Its name is missing.',
      `create-service remove ${kind ?? 'strangler'} /api/orders`,
    );
  }
  return {
    kind: kind ?? '',
    name: name ?? '',
    cwd: text('cwd') ?? process.cwd(),
    dryRun: isOn('dry-run'),
    diff: isOn('diff'),
    json: isOn('json'),
    help,
  };
}
