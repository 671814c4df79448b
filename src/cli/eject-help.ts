import { ejectFlags } from './eject-arguments.ts';
import { rows } from './help.ts';

/** The text of `eject --help`, derived from the flags. */
export function ejectHelpText(): string {
  const flags = Object.entries(ejectFlags).map(([name, help]): [string, string] => [
    `--${name}`,
    help,
  ]);
  return `Usage: npm create service eject PART [-- FLAGS]
       create-service eject PART [FLAGS]

Run in the folder of a service that create-service made. Copies a part of service-chassis, as it is
installed, into src/chassis/PART and its tests into test/chassis/PART, and has the service import it
from there: it is yours to change then, and updates of the package pass it by. Without PART: which parts there are. All or nothing.

Flags
${rows(flags)}

Examples
  create-service eject outbox
  create-service eject outbox --diff
  create-service eject outbox --undo

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.`;
}
