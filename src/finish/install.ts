import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { PackageManager } from '../base/package-manager.ts';
import { lineOf, reasonIn } from './package-manager-output.ts';

/** How an installation went; a failure carries what the package manager said was wrong. */
export type InstallResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Installs a service's dependencies. Never throws: the service is complete without them, and what
 * failed can be tried again by hand.
 *
 * @param isMember whether it is a member of a workspace, whose root has the lockfile.
 * @param onOutput is told each line that the package manager prints.
 */
export async function install(
  folder: string,
  manager: PackageManager,
  options: { isMember?: boolean; signal?: AbortSignal; onOutput?: (line: string) => void } = {},
): Promise<InstallResult> {
  const { isMember = false, signal, onOutput = () => undefined } = options;
  // Yarn takes a folder for part of the project around it, unless it has a lockfile of its own.
  if (manager === 'yarn' && !isMember) {
    await fs.appendFile(path.join(folder, 'yarn.lock'), '').catch(() => undefined);
  }
  const run = execa(manager, installArguments[manager], {
    cwd: folder,
    stdin: 'ignore',
    all: true,
    reject: false,
    forceKillAfterDelay: 5000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  run.all.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line.trim() !== '') onOutput(lineOf(manager, line));
  });
  const result = await run;
  if (!result.failed) return { ok: true };
  if (result.code === 'ENOENT') return { ok: false, reason: `${manager} is not installed` };
  const reason = reasonIn(manager, result.all ?? '') ?? `exit code ${result.exitCode}`;
  return { ok: false, reason };
}

/** A new service changes the lockfile, which pnpm and Yarn refuse by themselves where `CI` is set. */
const installArguments: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['install', '--no-audit', '--no-fund', '--loglevel=error'],
  pnpm: ['install', '--no-frozen-lockfile'],
  yarn: ['install', '--no-immutable', '--json'],
  bun: ['install'],
};
