import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { allCombinations } from '../../scripts/combinations.ts';
import { readCatalogue, templatesFolder } from '../../scripts/template-folders.ts';
import { parseAnswers, planFor } from '../../src/index.ts';
import { packageRoot } from './cli.ts';
import { clickhousePackages } from './clickhouse.ts';
import { sharedFolderVariable } from './shared-folder.ts';

/** A `node_modules` for services to link to. */
interface Dependencies {
  readonly folder: string;
  dispose(): Promise<void>;
}

/**
 * The dependencies of services of every combination of choices: installed once for
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
  const everything = packageOfEverything();
  everything.dependencies['service-chassis'] = await packedChassis(root);
  await fs.writeFile(path.join(root, 'package.json'), JSON.stringify(everything));
  await execa('npm', ['install', '--no-audit', '--no-fund'], { cwd: root, stdin: 'ignore' });
  const folder = path.join(root, 'node_modules');
  if (clickhousePackages !== undefined)
    await fs.symlink(path.join(clickhousePackages, 'chdb'), path.join(folder, 'chdb'));
  return folder;
}

/** What `npm publish` would send of the chassis. Returns the file. */
async function packedChassis(root: string): Promise<string> {
  const chassis = path.join(packageRoot, 'chassis');
  const command = ['pack', '--ignore-scripts', '--json', '--pack-destination', root];
  const { stdout } = await execa('npm', command, { cwd: chassis, stdin: 'ignore' });
  const [packed]: { filename: string }[] = JSON.parse(stdout);
  if (packed === undefined) throw new Error('nothing was packed');
  return path.join(root, packed.filename);
}

/** What the services of all combinations depend on, together. */
function packageOfEverything(): Package {
  const everything: Package = { dependencies: {}, devDependencies: {}, allowScripts: {} };
  for (const chosen of allCombinations()) {
    const { answers } = parseAnswers({ name: 'everything', ...chosen });
    const { files } = planFor(answers, {
      packageManager: 'npm',
      bundleNode: false,
      generatorVersion: '0.0.0',
    });
    const text = files.find((file) => file.path === 'package.json')?.contents ?? '{}';
    const { dependencies, devDependencies, allowScripts }: Partial<Package> = JSON.parse(text);
    Object.assign(everything.dependencies, dependencies);
    Object.assign(everything.devDependencies, devDependencies);
    Object.assign(everything.allowScripts, allowScripts);
  }
  // What only an addition brings.
  everything.devDependencies.yaml = readCatalogue(templatesFolder).installed.yaml ?? '';
  // Half a gigabyte, which is installed once for all tests, or not at all.
  delete everything.devDependencies.chdb;
  return everything;
}

interface Package {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly allowScripts: Record<string, boolean>;
}
