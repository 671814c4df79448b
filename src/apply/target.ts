import fs from 'node:fs';
import path from 'node:path';
import { TargetConflictError } from '../base/errors.ts';

/** What stands where a service should go. */
export type TargetState = 'absent' | 'empty' | 'occupied';

/**
 * Looks at the target without following a link.
 *
 * @throws TargetConflictError when it is, or lies behind, something that is not a folder of its own.
 */
export function targetState(folder: string): TargetState {
  const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  if (stats.isSymbolicLink()) {
    throw new TargetConflictError(
      `${folder} is a symbolic link; create-service never writes through one.`,
      'remove the link, or choose another name or --cwd',
    );
  }
  if (!stats.isDirectory()) {
    throw new TargetConflictError(
      `${folder} is a file; a folder of that name is needed.`,
      'move the file away, or choose another name or --cwd',
    );
  }
  return fs.readdirSync(folder).length === 0 ? 'empty' : 'occupied';
}

/** The outermost folder on the way to `folder` that does not exist yet (`folder` itself, mostly). */
export function outermostMissing(folder: string): string {
  const parent = path.dirname(folder);
  const stats = fs.lstatSync(parent, { throwIfNoEntry: false });
  if (stats === undefined) return outermostMissing(parent);
  if (!fs.statSync(parent).isDirectory()) {
    throw new TargetConflictError(
      `${parent} is a file; it would have to be a folder.`,
      'choose another --cwd',
    );
  }
  return folder;
}
