import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { packageRoot } from './cli.ts';

/**
 * Lets an emitted service use dependencies that are installed elsewhere. Its `node_modules` is its own,
 * and only what is in it is not: test runners keep notes there.
 */
export async function link(folder: string, { folder: installed }: { folder: string }) {
  const own = path.join(folder, 'node_modules');
  await fs.mkdir(own);
  for (const entry of await fs.readdir(installed))
    await fs.symlink(path.join(installed, entry), path.join(own, entry));
}

/**
 * What scripts are given beside what a test asks for. Other tests run at the same time, so each does its work in
 * one thread: several take no less time together, and half as much work again. A fresh start for each test file takes
 * half of the time and finds nothing more; as a team runs them, with it, tests are run in `test/e2e`.
 */
const leaner: Readonly<Record<string, readonly string[]>> = {
  typecheck: ['--checkers', '1'],
  test: ['--maxWorkers', '1', '--no-isolate'],
};

/** Runs a script of an emitted service on Node 24, and returns all that it said. */
export async function runScript(
  folder: string,
  name: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ failed: boolean; said: string }> {
  const { failed, all } = await execa(
    'npm',
    ['run', name, '--', ...(leaner[name] ?? []), ...args],
    {
      cwd: folder,
      all: true,
      reject: false,
      stdin: 'ignore',
      env: {
        PATH: `${path.join(packageRoot, 'node_modules/.bin')}:${process.env.PATH}`,
        CI: 'true',
        DATABASE_URL: '',
        ...environment,
      },
    },
  );
  return { failed, said: all ?? '' };
}

/** The same, of a script that must succeed. */
export async function expectScript(
  folder: string,
  name: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { failed, said } = await runScript(folder, name, args, environment);
  expect(failed, said).toBe(false);
  return said;
}
