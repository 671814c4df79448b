import { removable } from '../grow/remove-from-service.ts';
import { rows } from './help.ts';
import { removeFlags } from './remove-arguments.ts';

/** The text of `remove --help`, derived from what can be removed and the flags. */
export function removeHelpText(): string {
  const flags = Object.entries(removeFlags).map(([name, help]): [string, string] => [
    `--${name}`,
    help,
  ]);
  return `Usage: npm create service remove KIND NAME [-- FLAGS]
       create-service remove KIND NAME [FLAGS]

Run in the folder of a service that create-service made. Takes back what "add" has added, and refuses
where a file would go that a person has changed. All or nothing.

Kinds
${rows(Object.entries(removable))}

Flags
${rows(flags)}

Example
  create-service remove strangler /api/orders

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.`;
}
