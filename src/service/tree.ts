import fs from 'node:fs';
import path from 'node:path';
import type { PlannedFile } from '../plan/plan.ts';

/** The files of a folder as a plan sees them; paths are relative to it, with `/`. */
export interface Tree {
  /** The text of a file; `undefined` when there is none, or something else stands there. */
  read(file: string): string | undefined;
  /** The names of what lies directly in a folder. */
  list(folder: string): readonly string[];
}

/**
 * A folder on disk. No link in it is followed, and a file stays what it was when it was first read, so
 * that what is planned from it can be held against the disk later.
 */
export function treeOnDisk(root: string): Tree {
  const known = new Map<string, string | undefined>();
  return {
    read(file) {
      if (!known.has(file)) known.set(file, textOf(path.join(root, file)));
      return known.get(file);
    },
    list(folder) {
      const place = path.join(root, folder);
      const stats = fs.lstatSync(place, { throwIfNoEntry: false });
      return stats?.isDirectory() === true ? fs.readdirSync(place).sort() : [];
    },
  };
}

function textOf(place: string): string | undefined {
  const stats = fs.lstatSync(place, { throwIfNoEntry: false });
  return stats?.isFile() === true ? fs.readFileSync(place, 'utf8') : undefined;
}

/** A tree as it will be when some files are written. */
export function withFiles(tree: Tree, files: readonly PlannedFile[]): Tree {
  const written = new Map(files.map((file) => [file.path, file.contents]));
  return {
    read: (file) => written.get(file) ?? tree.read(file),
    list(folder) {
      const added = [...written.keys()].filter((file) => path.posix.dirname(file) === folder);
      const names = added.map((file) => path.posix.basename(file));
      return [...new Set([...tree.list(folder), ...names])].sort();
    },
  };
}

/** The paths of all files in a folder and below it. */
export function filesBelow(tree: Tree, folder: string): readonly string[] {
  return tree.list(folder).flatMap((name) => {
    const file = `${folder}/${name}`;
    return tree.read(file) === undefined ? filesBelow(tree, file) : [file];
  });
}

/** A folder in which there is nothing. */
export const emptyTree: Tree = { read: () => undefined, list: () => [] };
