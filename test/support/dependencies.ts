import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { choices } from '../../src/index.ts';
import { cli } from './cli.ts';
import { clickhousePackages } from './clickhouse.ts';
import { sharedFolderVariable } from './shared-folder.ts';

/** A `node_modules` for services to link to. */
interface Dependencies {
  readonly folder: string;
  dispose(): Promise<void>;
}

/**
 * The dependencies of a service that uses everything, on every bus and datastore: installed once for
 * all test files of a run, where there is a folder that they share, by the first that wants them.
 */
export async function installedDependencies(): Promise<Dependencies> {
  const shared = process.env[sharedFolderVariable];
  if (shared === undefined) {
    const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-dependencies-'));
    const folder = await install(root);
    return { folder, dispose: () => fs.rm(root, { recursive: true, force: true }) };
  }
  const root = path.join(shared, 'dependencies');
  const outcome = path.join(shared, 'dependencies.json');
  const isFirst = await fs.mkdir(root).then(
    () => true,
    () => false,
  );
  if (isFirst) await note(outcome, install(root));
  return { folder: await noted(outcome), dispose: async () => undefined };
}

/** Notes for the others where it is, or why it is not. */
async function note(file: string, installing: Promise<string>): Promise<void> {
  const outcome = await installing.then(
    (folder) => ({ folder }),
    (error: unknown) => ({ failure: String(error) }),
  );
  await fs.writeFile(`${file}.new`, JSON.stringify(outcome));
  await fs.rename(`${file}.new`, file);
}

/** Waits for whoever installs; the caller's own time limit ends it. */
async function noted(file: string): Promise<string> {
  while (true) {
    const text = await fs.readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const { folder, failure } = JSON.parse(text);
      if (failure !== undefined) throw new Error(failure);
      return folder;
    }
    await delay(200);
  }
}

async function install(root: string): Promise<string> {
  // As root, PostgreSQL runs as another user, who must be able to read its programs.
  await fs.chmod(root, 0o755);
  const kinds = ['bus', 'datastore', 'protocol'].flatMap((key) =>
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
  return folder;
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
