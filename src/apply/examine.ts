import fs from 'node:fs';
import path from 'node:path';
import { TargetConflictError } from '../base/errors.ts';
import type { PlannedFile } from '../plan/plan.ts';

/** Sorts the files into created and replaced. @throws TargetConflictError for a link or folder in the way. */
export function examine(target: string, files: readonly Pick<PlannedFile, 'path'>[]) {
  const created: string[] = [];
  const replaced: string[] = [];
  const folders = new Set<string>();
  for (const { path: relative } of files) {
    for (const parent of parentsOf(relative)) {
      const stats = fs.lstatSync(path.join(target, parent), { throwIfNoEntry: false });
      if (stats === undefined) folders.add(parent);
      else if (!stats.isDirectory()) throw inTheWay(path.join(target, parent), 'a folder');
    }
    const stats = fs.lstatSync(path.join(target, relative), { throwIfNoEntry: false });
    if (stats === undefined) created.push(relative);
    else if (stats.isFile()) replaced.push(relative);
    else throw inTheWay(path.join(target, relative), 'a file');
  }
  return { created, replaced, folders: [...folders].sort() };
}

/** The folders that a path lies in, outermost first. */
export function parentsOf(relative: string): string[] {
  const parts = relative.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function inTheWay(place: string, wanted: string): TargetConflictError {
  return new TargetConflictError(
    `${place} is in the way: ${wanted} is needed there, and links are never followed.`,
    'move it away and run the same command again',
  );
}
