import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { choices } from '../../src/index.ts';
import { cli } from './cli.ts';

/**
 * Installs the dependencies of a service that uses everything, on every bus, once, and returns its
 * `node_modules` for other services to link to.
 */
export async function installedDependencies(): Promise<{
  folder: string;
  dispose(): Promise<void>;
}> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-dependencies-'));
  // As root, PostgreSQL runs as another user, who must be able to read its programs.
  await fs.chmod(root, 0o755);
  const [first = root, ...others] = await Promise.all(buses().map((bus) => emit(root, bus)));
  const contents = await readPackage(first);
  for (const other of others)
    Object.assign(contents.dependencies, (await readPackage(other)).dependencies);
  await fs.writeFile(path.join(first, 'package.json'), JSON.stringify(contents));
  await execa('npm', ['install', '--no-audit', '--no-fund'], { cwd: first, stdin: 'ignore' });
  return {
    folder: path.join(first, 'node_modules'),
    dispose: () => fs.rm(root, { recursive: true, force: true }),
  };
}

/** Every event bus that can be chosen. */
function buses(): readonly string[] {
  const choice = choices.find(({ key }) => key === 'bus');
  return choice?.kind === 'select' ? choice.options.map(({ value }) => value) : [];
}

/** A service with everything on one bus, and nothing installed. */
async function emit(root: string, bus: string): Promise<string> {
  const name = `everything-${bus}`;
  const what = ['--yes', '--style', 'both', '--bus', bus];
  const how = ['--cwd', root, '--no-install', '--no-git'];
  const { exitCode, stderr } = await cli([name, ...what, ...how]);
  if (exitCode !== 0) throw new Error(stderr);
  return path.join(root, name);
}

async function readPackage(
  folder: string,
): Promise<{ readonly dependencies: Record<string, string> }> {
  return JSON.parse(await fs.readFile(path.join(folder, 'package.json'), 'utf8'));
}
