import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot, temporaryFolder } from '../support/cli.ts';
import { startLocalRegistry } from '../support/local-registry.ts';

test('npm create service, from a registry, in an empty folder: all scripts of the result pass', {
  timeout: 300_000,
}, async () => {
  const place = await temporaryFolder();
  const registry = await startLocalRegistry();
  onTestFinished(() => registry.stop());
  const env = {
    CI: 'true',
    DATABASE_URL: '',
    ...registry.environment,
    npm_config_cache: await cacheWithoutPrograms(place),
  };
  const npm = async (cwd: string, ...args: string[]) => {
    const { failed, all } = await execa('npm', args, {
      cwd,
      env,
      all: true,
      reject: false,
      stdin: 'ignore',
    });
    expect(failed, all).toBe(false);
    return all;
  };
  await registry.publish(packageRoot);
  const empty = path.join(place, 'empty');
  await fs.mkdir(empty);
  await npm(empty, 'create', '--yes', 'service', 'shipping', '--', '--yes', '--style', 'both');
  const folder = path.join(empty, 'shipping');
  const made = await fs.readdir(folder);
  expect(made).toEqual(expect.arrayContaining(['package-lock.json', '.git', 'node_modules']));
  await npm(folder, 'test');
  await npm(folder, 'run', 'typecheck');
  await npm(folder, 'run', 'lint');
});

/** npm's cache of packages, without the programs that it once ran: an older build of this one is among them. */
async function cacheWithoutPrograms(place: string): Promise<string> {
  const { stdout: usual } = await execa('npm', ['config', 'get', 'cache'], { cwd: place });
  const cache = path.join(place, 'npm-cache');
  const packages = path.join(usual.trim(), '_cacache');
  await fs.mkdir(packages, { recursive: true });
  await fs.mkdir(cache);
  await fs.symlink(packages, path.join(cache, '_cacache'));
  return cache;
}
