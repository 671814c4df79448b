import type { Style } from './terminal.ts';
import { wrapped } from './wrapped.ts';

/** Says something to whoever reads the output; the exit code of a command that has done so. */
export function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** The same to a program. */
export function printJson(value: object): 0 {
  return print(JSON.stringify(value, null, 2));
}

/** Tells a person what they should know. */
export function warn(message: string, errors: Style): void {
  process.stderr.write(`${wrapped(`${errors.yellow('!')} ${message}`, errors.columns)}\n`);
}
