import fs from 'node:fs';
import { choices } from '../answers/choices.ts';
import { quoted } from '../answers/parse.ts';
import { BadInputError, reasonOf } from '../base/errors.ts';
import { isPackageManager, type PackageManager, packageManagers } from '../base/package-manager.ts';
import { readFlags } from './flags.ts';

/** What a command line says, with nothing decided yet. */
export interface Arguments {
  /** Answers by key, from `--answers` and from flags (which win). */
  readonly given: Readonly<Record<string, unknown>>;
  readonly cwd: string;
  readonly packageManager: PackageManager | undefined;
  readonly switches: Readonly<Record<Switch, boolean>>;
}

/** The flags that take no value, with their help. */
export const switches = {
  yes: 'take the default of every question that is not answered',
  'dry-run': 'show what would be written, with sizes, and write nothing',
  diff: 'with --dry-run: show the changes to files that exist',
  force: 'write into a folder that is not empty, replacing files of the same name',
  'no-install': 'do not install the dependencies',
  'no-git': 'do not make a git repository',
  json: 'print one machine-readable result',
  help: 'show this help',
  version: 'show the version',
} as const;

type Switch = keyof typeof switches;

/** The flags that take a value and are no answer. */
export const settings = {
  answers: {
    value: 'FILE',
    help: 'read answers from a JSON file (schema: create-service/answers.schema.json)',
  },
  cwd: { value: 'DIR', help: 'work in this folder instead of the current one' },
  'package-manager': {
    value: packageManagers.join('|'),
    help: "make it for this one (default: the workspace's, else the one that started us)",
  },
} as const;

/**
 * Reads a command line.
 *
 * @throws BadInputError naming the first argument that is unknown or lacks its value.
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const texts = [...choices.map(({ flag }) => flag), ...Object.keys(settings)];
  const { text, isOn, words } = readFlags(argv, texts, Object.keys(switches));
  const [name, extra] = words;
  if (extra !== undefined) {
    throw new BadInputError(
      `One name is expected, but ${quoted(extra)} follows ${quoted(name ?? '')}.`,
      'put a name of several words in kebab-case: create-service order-items',
    );
  }
  const flags = choices.flatMap(({ key, flag }) => {
    const value = text(flag);
    return value === undefined ? [] : [[key, value] as const];
  });
  const file = text('answers');
  return {
    given: {
      ...(file === undefined ? {} : answersFile(file)),
      ...Object.fromEntries(flags),
      ...(name === undefined ? {} : { name }),
    },
    cwd: text('cwd') ?? process.cwd(),
    packageManager: packageManagerOf(text('package-manager')),
    switches: mapSwitches(isOn),
  };
}

function mapSwitches(isOn: (name: string) => boolean): Record<Switch, boolean> {
  return {
    yes: isOn('yes'),
    'dry-run': isOn('dry-run'),
    diff: isOn('diff'),
    force: isOn('force'),
    'no-install': isOn('no-install'),
    'no-git': isOn('no-git'),
    json: isOn('json'),
    help: isOn('help'),
    version: isOn('version'),
  };
}

function answersFile(file: string): Record<string, unknown> {
  const value = readJson(file);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadInputError(
      `The answers file ${quoted(file)} must hold one JSON object.`,
      '{ "name": "orders" }',
    );
  }
  const { $schema: _, ...answers } = { $schema: undefined, ...value };
  return answers;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BadInputError(
      `The answers file ${quoted(file)} cannot be read: ${reasonOf(error).split('\n')[0]}.`,
    );
  }
}

function packageManagerOf(text: string | undefined): PackageManager | undefined {
  if (text === undefined || isPackageManager(text)) return text;
  throw new BadInputError(
    `${quoted(text)} is not a package manager; allowed: ${packageManagers.join(', ')}.`,
    '--package-manager npm',
  );
}
