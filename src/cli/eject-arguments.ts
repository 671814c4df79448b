import { quoted } from '../answers/parse.ts';
import { BadInputError } from '../base/errors.ts';
import { settings, switches } from './arguments.ts';
import { readFlags } from './flags.ts';

/** What a command line of `eject` says. */
export interface EjectArguments {
  readonly part: string | undefined;
  readonly cwd: string;
  readonly undo: boolean;
  readonly diff: boolean;
  readonly dryRun: boolean;
  readonly install: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** The flags of `eject`, with their help. */
export const ejectFlags: Readonly<Record<string, string>> = {
  diff: 'show as a patch what the chassis has changed since the part was ejected, and do nothing',
  undo: 'take the part from the package again; refused where you have changed it',
  [`cwd ${settings.cwd.value}`]:
    'the folder of the service, or one in it (default: the current one)',
  'dry-run': 'show what would be written and removed, and do nothing',
  'no-install': switches['no-install'],
  json: switches.json,
  help: switches.help,
};

/**
 * Reads the command line after `eject`: a part, flags.
 *
 * @throws BadInputError naming the first argument that is unknown or too many.
 */
export function parseEjectArguments(argv: readonly string[]): EjectArguments {
  const names = ['diff', 'undo', 'dry-run', 'no-install', 'json', 'help'];
  const { text, isOn, words } = readFlags(argv, ['cwd'], names);
  const [part, extra] = words;
  if (extra !== undefined) {
    throw new BadInputError(
      `One part is expected, but ${quoted(extra)} follows ${quoted(part ?? '')}.`,
      `create-service eject ${part}, and then the same for the other`,
    );
  }
  return {
    part,
    cwd: text('cwd') ?? process.cwd(),
    undo: isOn('undo'),
    diff: isOn('diff'),
    dryRun: isOn('dry-run'),
    install: !isOn('no-install'),
    json: isOn('json'),
    help: isOn('help'),
  };
}
