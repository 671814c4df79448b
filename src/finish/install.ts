import { execa } from 'execa';
import type { PackageManager } from './package-manager.ts';

/** How an installation went; a failure carries what the package manager said last. */
export type InstallResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Installs a service's dependencies. Never throws: the service is complete without them, and what
 * failed can be tried again by hand.
 *
 * @param onOutput is told each line that the package manager prints.
 */
export async function install(
  folder: string,
  manager: PackageManager,
  options: { signal?: AbortSignal; onOutput?: (line: string) => void } = {},
): Promise<InstallResult> {
  const { signal, onOutput = () => undefined } = options;
  const run = execa(manager, argumentsOf(manager), {
    cwd: folder,
    stdin: 'ignore',
    all: true,
    reject: false,
    forceKillAfterDelay: 5000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  run.all.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line.trim() !== '') onOutput(line.trim());
  });
  const result = await run;
  if (!result.failed) return { ok: true };
  if (result.code === 'ENOENT') return { ok: false, reason: `${manager} is not installed` };
  const lines = (result.all ?? '').split('\n').filter((line) => /\berror\b|ERR/i.test(line));
  return { ok: false, reason: lines[0]?.trim() ?? `${manager} exited with ${result.exitCode}` };
}

function argumentsOf(manager: PackageManager): string[] {
  return manager === 'npm'
    ? ['install', '--no-audit', '--no-fund', '--loglevel=error']
    : ['install'];
}
