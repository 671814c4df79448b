import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { createService, parseAnswers } from '../src/index.ts';
import { startLocalRegistry } from '../test/support/local-registry.ts';

/** An emitted service of style sync without a datastore, installed, for benchmarks to use. */
export async function emittedService(): Promise<{ folder: string; dispose(): Promise<void> }> {
  const root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-bench-')));
  const { answers } = parseAnswers({ name: 'orders', datastore: 'none' });
  const { folder } = await createService(answers, { cwd: root });
  const registry = await startLocalRegistry();
  await execa('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdin: 'ignore',
    env: registry.environment,
  });
  await registry.stop();
  return { folder, dispose: () => fs.rm(root, { recursive: true, force: true }) };
}

/** Starts a server program in a folder and waits until it answers; its log goes to a file, as both sides' does. */
export async function startServer(
  folder: string,
  program: string,
  port: number,
): Promise<() => void> {
  const log = await fs.open(path.join(folder, `${path.basename(program)}.log`), 'w');
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', SHUTDOWN_DRAIN_MS: '0' },
    stdio: ['ignore', log.fd, 'inherit'],
  });
  await log.close();
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/orders`).catch(() => undefined);
    if (answer?.ok === true) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return () => void child.kill('SIGTERM');
}
