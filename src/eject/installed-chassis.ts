import fs from 'node:fs';
import path from 'node:path';
import { BadInputError, reasonOf } from '../base/errors.ts';
import { filesBelow, type Tree, treeOnDisk } from '../service/tree.ts';
import { importsOf } from './imports.ts';

export const chassisName = 'service-chassis';

/** The part that the package's own name stands for. */
const mainPart = 'service';

/** What the package's part is imported by. */
export function specifierOf(part: string): string {
  return part === mainPart ? chassisName : `${chassisName}/${part}`;
}

/** What ties the copies of all other parts together, so there is only one of it. */
const neverEjected = ['copies'];

/** The chassis as it is installed for a service: sources and all. */
export interface InstalledChassis {
  readonly version: string;
  /** Names of the parts that can be ejected, sorted. */
  readonly parts: readonly string[];
  /** The TypeScript files of a part, relative to the package, with their texts. */
  sourcesOf(part: string): ReadonlyMap<string, string>;
  /** The same of its tests, with all that they import which is no part. */
  testsOf(part: string): ReadonlyMap<string, string>;
  /** The version of a package that the chassis depends on, or works with. */
  versionOf(name: string): string | undefined;
}

/**
 * Finds the chassis that is installed in a service, or in a workspace around it.
 *
 * @throws BadInputError when none is installed.
 */
export function installedChassis(folder: string): InstalledChassis {
  const tree = treeAround(folder);
  const manifest = manifestIn(tree);
  const subpaths = Object.keys(manifest.exports);
  const parts = [
    ...subpaths.flatMap((each) => /^\.\/([a-z-]+)$/.exec(each)?.[1] ?? []),
    mainPart,
  ].filter((part) => !neverEjected.includes(part) && tree.list(`src/${part}`).length > 0);
  return {
    version: manifest.version,
    parts: parts.sort(),
    sourcesOf: (part) => textsIn(tree, `src/${part}`),
    testsOf: (part) => withSupport(tree, textsIn(tree, `test/${part}`)),
    versionOf: (name) => manifest.dependencies[name] ?? manifest.peerDependencies[name],
  };
}

function textsIn(tree: Tree, folder: string): ReadonlyMap<string, string> {
  const files = filesBelow(tree, folder).filter((file) => file.endsWith('.ts'));
  return new Map(files.map((file) => [file, tree.read(file) ?? '']));
}

/** With the files that tests of several parts share, as far as these import them. */
function withSupport(tree: Tree, tests: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map(tests);
  // What is added meanwhile is visited too.
  for (const [file, text] of found) {
    for (const specifier of importsOf(text)) {
      const target = path.posix.join(path.posix.dirname(file), specifier);
      const isSupport = specifier.startsWith('.') && target.startsWith('test/support/');
      if (isSupport) found.set(target, tree.read(target) ?? '');
    }
  }
  return found;
}

function treeAround(folder: string): Tree {
  const place = path.join(folder, 'node_modules', chassisName);
  // Package managers put a link there.
  if (fs.existsSync(path.join(place, 'package.json'))) return treeOnDisk(fs.realpathSync(place));
  const parent = path.dirname(folder);
  if (parent !== folder) return treeAround(parent);
  throw new BadInputError(
    `${chassisName} is not installed here, so that there is nothing to copy.`,
    'install the dependencies first (npm install)',
  );
}

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

function manifestIn(tree: Tree): Manifest {
  try {
    const {
      version,
      exports,
      dependencies = {},
      peerDependencies = {},
    }: Partial<Manifest> = JSON.parse(tree.read('package.json') ?? '');
    if (typeof version === 'string' && typeof exports === 'object')
      return { version, exports, dependencies, peerDependencies };
    throw new Error('it names no version and no exports');
  } catch (error) {
    throw new BadInputError(
      `The installed ${chassisName} cannot be read: ${reasonOf(error)}.`,
      'install the dependencies again',
    );
  }
}
