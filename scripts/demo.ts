import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { startLocalRegistry } from '../test/support/local-registry.ts';

/**
 * `npm start -- NAME [FLAGS]`: creates a service from this source tree in a temporary folder, installs
 * and starts it, asks its probes, creates one of its things and reads it back, and stops it. The folder stays, to
 * go on with. The chassis comes from a registry on this machine, as it will from npm once it is published.
 */
const [name = 'orders', ...flags] = process.argv.slice(2);
const root = path.resolve(import.meta.dirname, '..');
const place = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-demo-')));
await fs.chmod(place, 0o755);
const folder = path.join(place, name);
const registry = await startLocalRegistry();
const shown = { stdin: 'ignore', stdout: 'inherit', stderr: 'inherit' } as const;
try {
  // On the Node of whoever typed this, not the one that npm finds first here: the service must run on that one too.
  const node = process.env.npm_node_execpath ?? process.execPath;
  await execa(node, [path.join(root, 'dist/cli.cjs'), name, '--yes', '--cwd', place, ...flags], {
    ...shown,
    env: registry.environment,
  });
  const port = '3123';
  const service = execa('npm', ['run', 'dev'], {
    cwd: folder,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
    env: { PORT: port },
    reject: false,
  });
  try {
    await untilReady(`http://127.0.0.1:${port}/health/ready`);
    console.log(`\n> npm run smoke -- http://127.0.0.1:${port} --create`);
    await execa('npm', ['run', '--silent', 'smoke', '--', `http://127.0.0.1:${port}`, '--create'], {
      ...shown,
      cwd: folder,
    });
  } finally {
    service.kill('SIGTERM');
    await service;
    await untilGone(`http://127.0.0.1:${port}/health/live`);
  }
  console.log(`\nIt was stopped. To go on with it:\n  cd ${folder}\n  npm test\n  npm run dev`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  await fs.rm(place, { recursive: true, force: true });
} finally {
  await registry.stop();
}

async function untilGone(url: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    if ((await fetch(url).catch(() => undefined)) === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The service did not stop within 10 s.');
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The service did not become ready within 30 s.');
}
