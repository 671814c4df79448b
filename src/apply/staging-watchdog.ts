import { spawn } from 'node:child_process';

/** What the names of all folders begin with that are made here for a while. */
export const stagingPrefix = '.create-service-';

/** A process that removes a staging folder of `parent` when this one has died and left it behind. */
interface Watchdog {
  readonly parent: string;
  /** Says which folder that is: the one named `.create-service-<suffix>`, and no longer the one before. */
  watch(suffix: string): void;
  /** Ends the watchdog. */
  release(): void;
}

let current: Watchdog | undefined;

/**
 * Has a staging folder removed, should this process be killed before it can do so itself. Call it
 * before the folder is made. Trees are made one after the other, so a process needs one watchdog for
 * however many it makes; it is started with the first, and again when the parent changes.
 */
export function watchOver(parent: string, suffix: string): void {
  // Windows has no such shell: there, a killed run leaves the folder to the cleaning of temporary files.
  if (process.platform === 'win32') return;
  if (current?.parent !== parent) {
    current?.release();
    current = startWatchdog(parent);
  }
  current.watch(suffix);
}

/**
 * A shell that reads suffixes from a pipe until the pipe closes, as it does however this process
 * ends, and removes the folder of the last one if it is still there.
 */
function startWatchdog(parent: string): Watchdog {
  const script = `while read -r suffix; do last=$suffix; done
    staging="$1/${stagingPrefix}$last"; [ ! -e "$staging" ] || rm -rf -- "$staging"`;
  const shell = spawn('/bin/sh', ['-c', script, 'sh', parent], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: process.env.PATH },
  });
  const watchdog: Watchdog = {
    parent,
    watch: (suffix) => void shell.stdin.write(`${suffix}\n`),
    release: () => void shell.stdin.end(),
  };
  const forget = (): void => {
    if (current === watchdog) current = undefined;
  };
  shell.on('error', forget).on('exit', forget).unref();
  shell.stdin.on('error', forget);
  return watchdog;
}
