import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

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
  const name = `.create-service-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
  const folder = path.join(parent, name);
  const watchdog = guard(folder);
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    watchdog.release();
    throw error;
  }
  return {
    folder,
    discard() {
      fs.rmSync(folder, { recursive: true, force: true });
      watchdog.release();
    },
  };
}

/**
 * A shell that waits on a pipe from this process. When the process dies by a signal that it cannot
 * catch, the pipe closes without a word and the shell removes the folder. On Windows, which has no
 * such shell, a killed run leaves the folder to the system's cleaning of temporary files.
 */
function guard(folder: string): { release(): void } {
  if (process.platform === 'win32') return { release: () => undefined };
  const shell = spawn('/bin/sh', ['-c', 'read -r done || rm -rf -- "$1"', 'sh', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return { release: () => void shell.stdin.end('done\n') };
}
