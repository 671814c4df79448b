import fs from 'node:fs';
import path from 'node:path';
import { BadInputError, reasonOf } from '../base/errors.ts';
import { filesBelow, type Tree, treeOnDisk } from '../service/tree.ts';

export const chassisName = 'service-chassis';

/** The part that the package's own name stands for. */
const mainPart = 'service';

/** What the package's part is imported by. */
export function specifierOf(part: string): string {
  return part === mainPart ? chassisName : `${chassisName}/${part}`;
}

/** Where a part that was ejected lies in a service. */
export const ejectedFolder = 'src/chassis';

/** What ties the copies of all other parts together, so there is only one of it. */
const neverEjected = ['copies'];

/** The chassis as it is installed for a service: sources and all. */
export interface InstalledChassis {
  readonly version: string;
  /** Names of the parts that can be ejected, sorted. */
  readonly parts: readonly string[];
  /** The TypeScript files of a part, relative to its folder, with their texts. */
  filesOf(part: string): ReadonlyMap<string, string>;
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
    filesOf(part) {
      const root = `src/${part}`;
      const files = filesBelow(tree, root).filter((file) => file.endsWith('.ts'));
      return new Map(files.map((file) => [file.slice(root.length + 1), tree.read(file) ?? '']));
    },
    versionOf: (name) => manifest.dependencies[name] ?? manifest.peerDependencies[name],
  };
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
