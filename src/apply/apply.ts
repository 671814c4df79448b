import fs from 'node:fs';
import path from 'node:path';
import {
  CreateServiceError,
  reasonOf,
  systemCodeOf,
  TargetConflictError,
  WriteFailedError,
} from '../base/errors.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { changeTree, type FormerContents, type TreeChange } from './change-tree.ts';
import { openStaging, stagingParents } from './staging.ts';
import { outermostMissing, targetState } from './target.ts';
import { writeTree } from './write-tree.ts';

/** Where a plan goes, and whether it may replace files that already stand there. */
export interface ApplyOptions {
  /** Absolute path of the service's folder. */
  readonly folder: string;
  /** Write into a folder that is not empty, replacing files of the same path (`--force`). */
  readonly overwrite?: boolean;
  /** What the plan was made from; it is refused when that has changed since. */
  readonly former?: FormerContents;
}

/**
 * Writes a plan all or nothing: afterwards the folder holds the complete service, or exactly what it
 * held before, whatever error or signal came between.
 *
 * @throws TargetConflictError when something stands in the way, WriteFailedError when the disk refuses.
 */
export function applyPlan(
  plan: TreeChange,
  { folder, overwrite = false, former }: ApplyOptions,
): void {
  try {
    const state = targetState(folder);
    if (state !== 'occupied') createTree(folder, plan.files);
    else if (overwrite) changeTree(folder, plan, former);
    else throw occupied(folder);
  } catch (error) {
    throw asFailure(error, folder);
  }
}

/** Makes the tree elsewhere on the same file system and moves it to its place in one rename. */
function createTree(folder: string, files: readonly PlannedFile[]): void {
  const top = outermostMissing(folder);
  const parents = stagingParents(path.dirname(top));
  for (const parent of parents) {
    const staging = openStaging(parent);
    try {
      const tree = path.join(staging.folder, path.basename(top));
      writeTree(path.join(tree, path.relative(top, folder)), files);
      moveInto(tree, top);
      return;
    } catch (error) {
      // The same device number does not promise one file system (bind mounts, subvolumes).
      if (systemCodeOf(error) !== 'EXDEV' || parent === parents.at(-1)) throw error;
    } finally {
      staging.discard();
    }
  }
}

function moveInto(tree: string, top: string): void {
  // rename(2) replaces an empty folder but not a full one; Windows replaces none.
  if (process.platform === 'win32' && fs.existsSync(top)) fs.rmdirSync(top);
  fs.renameSync(tree, top);
}

function occupied(folder: string): TargetConflictError {
  return new TargetConflictError(
    `${folder} already exists and is not empty.`,
    'choose another name, or add --force to write into it (see first with --dry-run --diff)',
  );
}

function asFailure(error: unknown, folder: string): CreateServiceError {
  if (error instanceof CreateServiceError) return error;
  const code = systemCodeOf(error);
  if (code === 'ENOTEMPTY' || code === 'EEXIST') return occupied(folder);
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EROFS: 'the file system is read-only',
    EACCES: 'permission is denied',
    EPERM: 'permission is denied',
    ENOTDIR: 'part of the path is a file',
    ENAMETOOLONG: 'the path is too long',
    ENOENT: 'the folder to write into does not exist',
    EMFILE: 'too many files are open',
  };
  const reason = (code === undefined ? undefined : reasons[code]) ?? reasonOf(error);
  return new WriteFailedError(
    `Could not write ${folder}: ${reason}. Nothing was changed.`,
    'mend that, or choose another folder with --cwd',
  );
}
