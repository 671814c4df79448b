import { parseArgs } from 'node:util';
import { nearest } from '../answers/nearest.ts';
import { quoted } from '../answers/parse.ts';
import { BadInputError, reasonOf } from '../base/errors.ts';

/** A command line taken apart: what each flag was given, and the words that belong to none. */
interface Flags {
  /** The value of a flag that takes one. */
  text(name: string): string | undefined;
  isOn(name: string): boolean;
  readonly words: readonly string[];
}

/** The letters of some switches. */
const short: Readonly<Record<string, string>> = { yes: 'y', help: 'h', version: 'v' };

/**
 * Takes a command line apart.
 *
 * @param texts names of flags that take a value, and `switches` of those that take none.
 * @throws BadInputError naming the first flag that is unknown, with the nearest one, or lacks its value.
 */
export function readFlags(
  argv: readonly string[],
  texts: readonly string[],
  switches: readonly string[],
): Flags {
  const options = Object.fromEntries([
    ...texts.map((name) => [name, { type: 'string' as const }]),
    ...switches.map((name) => [
      name,
      { type: 'boolean' as const, ...(short[name] === undefined ? {} : { short: short[name] }) },
    ]),
  ]);
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
    });
    const read = new Map<string, unknown>(Object.entries(values));
    return {
      text(name) {
        const value = read.get(name);
        return typeof value === 'string' ? value : undefined;
      },
      isOn: (name) => read.get(name) === true,
      words: positionals,
    };
  } catch (error) {
    throw explained(error, Object.keys(options));
  }
}

function explained(error: unknown, known: readonly string[]): BadInputError {
  const message = reasonOf(error);
  const flag = /Unknown option '(--?[^']*)'/.exec(message)?.[1];
  if (flag === undefined)
    return new BadInputError(`${message.split('. ')[0]}.`, 'create-service --help');
  const meant = nearest(flag.replace(/^-+/, ''), known);
  return new BadInputError(
    `${quoted(flag)} is not a flag of create-service.`,
    meant === undefined
      ? 'create-service --help'
      : `did you mean --${meant}? (create-service --help lists all)`,
  );
}
