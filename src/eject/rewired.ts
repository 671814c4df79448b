import path from 'node:path';
import type { PlannedFile } from '../plan/plan.ts';
import { filesBelow, type Tree } from '../service/tree.ts';
import { mapImports } from './imports.ts';
import { specifierOf } from './installed-chassis.ts';
import { isWithin, sourcesPlace } from './places.ts';

const folders = ['src', 'test', 'development', 'scripts'];

/** All files of a service in which imports may stand. */
export function sourcesOf(tree: Tree): readonly PlannedFile[] {
  return folders
    .flatMap((folder) => filesBelow(tree, folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ path: file, contents: tree.read(file) ?? '' }));
}

/** A file that imports ejected parts from where they lie, and no longer from the package. */
export function rewired(file: PlannedFile, parts: readonly string[]): PlannedFile {
  if (parts.length === 0 || !file.path.endsWith('.ts')) return file;
  const contents = mapImports(file.contents, (specifier) => {
    const part = parts.find((each) => specifier === specifierOf(each));
    if (part === undefined || isWithin(file.path, part)) return undefined;
    const to = path.posix.relative(path.posix.dirname(file.path), entryOf(part));
    return to.startsWith('.') ? to : `./${to}`;
  });
  return { path: file.path, contents };
}

/** The reverse: a file that imports a part from the package again. */
export function unwired(file: PlannedFile, part: string): PlannedFile {
  const contents = mapImports(file.contents, (specifier) =>
    targetOf(file, specifier) === entryOf(part) ? specifierOf(part) : undefined,
  );
  return { path: file.path, contents };
}

/** The file of the service that a specifier means, if it means one. */
export function targetOf(file: PlannedFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return path.posix.join(path.posix.dirname(file.path), specifier);
}

function entryOf(part: string): string {
  return `${sourcesPlace(part)}/index.ts`;
}
