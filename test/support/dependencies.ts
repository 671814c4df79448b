import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { valuesOf } from './choices.ts';
import { cli } from './cli.ts';

/**
 * Installs the dependencies of a service that uses everything, and of one on each bus, once, and
 * returns their `node_modules` for other services to link to.
 */
export async function installedDependencies(): Promise<{
  folder: string;
  dispose(): Promise<void>;
}> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-dependencies-'));
  // As root, PostgreSQL runs as another user, who must be able to read its programs.
  await fs.chmod(root, 0o755);
  const manifests = await Promise.all(valuesOf('bus').map((bus) => manifestWith(root, bus)));
  const dependencies = manifests.map((manifest) => manifest.dependencies);
  const everything = { ...manifests[0], dependencies: Object.assign({}, ...dependencies) };
  const folder = path.join(root, 'everything');
  await fs.mkdir(folder);
  await fs.writeFile(path.join(folder, 'package.json'), JSON.stringify(everything));
  await execa('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdin: 'ignore' });
  return {
    folder: path.join(folder, 'node_modules'),
    dispose: () => fs.rm(root, { recursive: true, force: true }),
  };
}

/** The package.json of a service that has all there is, on one bus. */
async function manifestWith(root: string, bus: string): Promise<{ dependencies: object }> {
  const cwd = path.join(root, bus);
  await fs.mkdir(cwd);
  const { exitCode, stderr } = await cli([
    ...['everything', '--yes', '--style', 'both', '--bus', bus],
    ...['--cwd', cwd, '--no-install', '--no-git'],
  ]);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(await fs.readFile(path.join(cwd, 'everything/package.json'), 'utf8'));
}
