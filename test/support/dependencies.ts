import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { choices } from '../../src/index.ts';
import { cli } from './cli.ts';

/** The parts of an emitted package.json that say what to install. */
interface Needs {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

/**
 * Installs what services need that use everything, one for each bus, once and together, and returns
 * the `node_modules` for other services to link to.
 */
export async function installedDependencies(): Promise<{
  folder: string;
  dispose(): Promise<void>;
}> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-dependencies-'));
  // As root, PostgreSQL runs as another user, who must be able to read its programs.
  await fs.chmod(root, 0o755);
  const all = await Promise.all(buses().map((bus) => needsWith(bus, root)));
  const folder = path.join(root, 'everything');
  await fs.mkdir(folder);
  const together = {
    private: true,
    dependencies: Object.assign({}, ...all.map(({ dependencies }) => dependencies)),
    devDependencies: Object.assign({}, ...all.map(({ devDependencies }) => devDependencies)),
    allowScripts: Object.assign({}, ...all.map(({ allowScripts }) => allowScripts)),
  };
  await fs.writeFile(path.join(folder, 'package.json'), JSON.stringify(together));
  await execa('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdin: 'ignore' });
  return {
    folder: path.join(folder, 'node_modules'),
    dispose: () => fs.rm(root, { recursive: true, force: true }),
  };
}

function buses(): readonly string[] {
  const choice = choices.find(({ key }) => key === 'bus');
  return choice?.kind === 'select' ? choice.options.map(({ value }) => value) : [];
}

async function needsWith(bus: string, root: string): Promise<Needs> {
  const name = `with-${bus}`;
  const { exitCode, stderr } = await cli([
    ...[name, '--yes', '--style', 'both', '--bus', bus],
    ...['--cwd', root, '--no-install', '--no-git'],
  ]);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(await fs.readFile(path.join(root, name, 'package.json'), 'utf8'));
}
