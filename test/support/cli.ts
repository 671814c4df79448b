import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

export const packageRoot = path.resolve(import.meta.dirname, '../..');
export const cliFile = path.join(packageRoot, 'dist/cli.cjs');

/** What npm tells the programs that it starts; it is recorded in what is emitted. */
export const startedByNpm = { npm_config_user_agent: 'npm/11' };

/** Runs the built command line (on this Node unless told) without a terminal; returns what it said and its exit code. */
export async function cli(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; node?: string } = {},
) {
  const { node = process.execPath } = options;
  const { exitCode, stdout, stderr } = await execa(node, [cliFile, ...args], {
    reject: false,
    stdin: 'ignore',
    env: { ...startedByNpm, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return { exitCode, stdout, stderr };
}

/** A folder for one test, gone afterwards. */
export async function temporaryFolder(): Promise<string> {
  const folder = await fs.realpath(
    await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-test-')),
  );
  await fs.chmod(folder, 0o755);
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every path below a folder with its contents, for comparing whole trees; links are shown as such. */
export async function treeOf(folder: string): Promise<Record<string, string>> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const pairs = entries.map(async (entry): Promise<[string, string]> => {
    const file = path.join(entry.parentPath, entry.name);
    const relative = path.relative(folder, file);
    if (entry.isSymbolicLink()) return [relative, `-> ${await fs.readlink(file)}`];
    return [relative, entry.isDirectory() ? '<folder>' : await fs.readFile(file, 'utf8')];
  });
  return Object.fromEntries((await Promise.all(pairs)).sort());
}
