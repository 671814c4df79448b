import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { cli } from './cli.ts';

/**
 * Installs the dependencies of a service that uses everything, once, and returns its `node_modules`
 * for other services to link to.
 */
export async function installedDependencies(): Promise<{
  folder: string;
  dispose(): Promise<void>;
}> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-dependencies-'));
  // As root, PostgreSQL runs as another user, who must be able to read its programs.
  await fs.chmod(root, 0o755);
  const args = [
    'everything',
    '--yes',
    '--style',
    'both',
    '--cwd',
    root,
    '--no-install',
    '--no-git',
  ];
  const { exitCode, stderr } = await cli(args);
  if (exitCode !== 0) throw new Error(stderr);
  const folder = path.join(root, 'everything');
  await execa('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdin: 'ignore' });
  return {
    folder: path.join(folder, 'node_modules'),
    dispose: () => fs.rm(root, { recursive: true, force: true }),
  };
}
