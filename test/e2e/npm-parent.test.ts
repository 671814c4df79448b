import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli, packageRoot, temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { freePort } from '../support/ports.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

test('SIGTERM to npm run dev leaves no orphan that holds the port', async () => {
  const root = await temporaryFolder();
  await cli(['orders', '--yes', '--cwd', root, '--no-install', '--no-git']);
  const folder = path.join(root, 'orders');
  await fs.symlink(dependencies.folder, path.join(folder, 'node_modules'));
  const port = String(await freePort());
  const bin = path.join(packageRoot, 'node_modules/.bin');
  const npm = spawn('npm', ['run', 'dev'], {
    cwd: folder,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, PORT: port, DATABASE_URL: '' },
    stdio: 'ignore',
  });
  const live = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (answer) => answer.status,
      () => 'gone',
    );
  await vi.waitFor(async () => expect(await live()).toBe(200), 20_000);
  npm.kill('SIGTERM');
  await vi.waitFor(async () => expect(await live()).toBe('gone'), 10_000);
});
