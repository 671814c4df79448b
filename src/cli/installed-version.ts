import { execa } from 'execa';
import type { PackageManager } from '../base/package-manager.ts';

/** Asks a package manager for the version that would run in a folder; undefined when it is not there. */
export async function installedVersion(
  manager: PackageManager,
  folder: string,
): Promise<string | undefined> {
  const { failed, stdout } = await execa(manager, ['--version'], {
    cwd: folder,
    stdin: 'ignore',
    reject: false,
    timeout: 10_000,
  });
  return failed ? undefined : stdout.trim();
}
