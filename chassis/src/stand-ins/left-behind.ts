import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Ends the server that a killed process left behind in a folder, and waits until it has ended. The number in
 * its file may be another program's by now: only one that was started with that folder is ended.
 *
 * @param folder as it is in the server's command line.
 */
export async function endLeftBehind(
  pidFile: string,
  folder: string,
  signal: NodeJS.Signals,
): Promise<void> {
  const pid = Number.parseInt(await fs.readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (Number.isNaN(pid)) return;
  if (await isStartedWith(folder, pid)) {
    process.kill(pid, signal);
    while (await isStartedWith(folder, pid)) await delay(50);
  }
  await fs.rm(pidFile, { force: true });
}

async function isStartedWith(folder: string, pid: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
    return stdout.includes(folder);
  } catch (error) {
    // Without `ps` nothing is known but whether somebody has that number.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' && lives(pid);
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
