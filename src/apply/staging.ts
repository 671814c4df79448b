import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stagingPrefix, watchOver } from './staging-watchdog.ts';

/** A folder of our own on the target's file system, in which a tree is made before it is moved. */
export interface Staging {
  readonly folder: string;
  /** Removes the folder and whatever is still in it. */
  discard(): void;
}

/**
 * Where to stage a tree that will be moved into `parent`, best first: the system's temporary folder
 * when that is on the same device (then nobody who lists `parent` ever sees it), and `parent` itself.
 */
export function stagingParents(parent: string): readonly string[] {
  const temporary = os.tmpdir();
  const device = fs.statSync(temporary, { throwIfNoEntry: false })?.dev;
  return device === fs.statSync(parent).dev ? [temporary, parent] : [parent];
}

/** Opens a hidden staging folder in `parent`. A watchdog removes it when this process is killed. */
export function openStaging(parent: string): Staging {
  const suffix = `${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
  const folder = path.join(parent, `${stagingPrefix}${suffix}`);
  watchOver(parent, suffix);
  fs.mkdirSync(folder, { mode: 0o700 });
  return {
    folder,
    discard: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
