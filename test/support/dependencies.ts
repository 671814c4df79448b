import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { choices } from '../../src/index.ts';
import { cli } from './cli.ts';
import { clickhousePackages } from './clickhouse.ts';

/**
 * Installs the dependencies of a service that uses everything, on every bus and datastore, once, and returns its
 * `node_modules` for other services to link to.
 */
export async function installedDependencies(): Promise<{
  folder: string;
  dispose(): Promise<void>;
}> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-dependencies-'));
  // As root, PostgreSQL runs as another user, who must be able to read its programs.
  await fs.chmod(root, 0o755);
  const kinds = ['bus', 'datastore'].flatMap((key) =>
    valuesOf(key).map((value): [string, string] => [key, value]),
  );
  const [first = root, ...others] = await Promise.all(
    kinds.map(([key, value]) => emit(root, key, value)),
  );
  const contents = await readPackage(first);
  for (const other of others) {
    const { dependencies, devDependencies, allowScripts } = await readPackage(other);
    Object.assign(contents.dependencies, dependencies);
    Object.assign(contents.devDependencies, devDependencies);
    Object.assign(contents.allowScripts, allowScripts);
  }
  // Half a gigabyte, which is installed once for all tests, or not at all.
  delete contents.devDependencies.chdb;
  await fs.writeFile(path.join(first, 'package.json'), JSON.stringify(contents));
  await execa('npm', ['install', '--no-audit', '--no-fund'], { cwd: first, stdin: 'ignore' });
  const folder = path.join(first, 'node_modules');
  if (clickhousePackages !== undefined)
    await fs.symlink(path.join(clickhousePackages, 'chdb'), path.join(folder, 'chdb'));
  return {
    folder,
    dispose: () => fs.rm(root, { recursive: true, force: true }),
  };
}

/** Every value that can be chosen. */
function valuesOf(key: string): readonly string[] {
  const choice = choices.find((one) => one.key === key);
  return choice?.kind === 'select' ? choice.options.map(({ value }) => value) : [];
}

/** A service with everything and one value of a choice, and nothing installed. */
async function emit(root: string, key: string, value: string): Promise<string> {
  const name = `everything-${value}`;
  const what = ['--yes', '--style', 'both', `--${key}`, value];
  const how = ['--cwd', root, '--no-install', '--no-git'];
  const { exitCode, stderr } = await cli([name, ...what, ...how]);
  if (exitCode !== 0) throw new Error(stderr);
  return path.join(root, name);
}

interface Package {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly allowScripts: Record<string, boolean>;
}

async function readPackage(folder: string): Promise<Package> {
  return JSON.parse(await fs.readFile(path.join(folder, 'package.json'), 'utf8'));
}
