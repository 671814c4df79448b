import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { link } from '../support/emitted.ts';
import { freePort } from '../support/ports.ts';
import { RunningService } from '../support/running-service.ts';
import { servicesIn } from '../support/services.ts';
import { addTo } from './subjects.ts';

const node = path.join(packageRoot, 'node_modules/node/bin/node');
/** The first process of a container gets no signal that it does not listen for; this makes such a one. */
const asFirstProcess = ['unshare', '--pid', '--fork', '--kill-child', node];
const canBeFirst =
  (await execa('unshare', ['--pid', '--fork', 'true'], { reject: false })).exitCode === 0;

/** One of each kind, by name. */
const kinds = {
  orders: ['--style', 'sync', '--datastore', 'none'],
  payments: ['--style', 'sync', '--datastore', 'none', '--protocol', 'grpc'],
  edge: ['--kind', 'gateway'],
};

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;
let root: string;

beforeAll(async () => {
  dependencies = await installedDependencies();
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-starting-'));
  await servicesIn(root, kinds);
  for (const name of Object.keys(kinds))
    await link(path.join(root, name), { folder: dependencies.folder });
});

afterAll(async () => {
  await fs.rm(root, { recursive: true, force: true });
  await dependencies.dispose();
});

describe.each(Object.keys(kinds))('%s', (name) => {
  const folder = (): string => path.join(root, name);

  test.skipIf(!canBeFirst)('a signal while it starts, as the first process, ends it', async () => {
    const [command = '', ...args] = asFirstProcess;
    // Said by a route that takes long to load.
    await addTo(folder(), {
      'routes/slow.ts': `
        console.log('loading');
        await new Promise((resolve) => setTimeout(resolve, 20_000));
        export default async () => undefined;`,
    });
    onTestFinished(() => fs.rm(path.join(folder(), 'src/routes/slow.ts')));
    const child = spawn(command, [...args, 'src/main.ts'], {
      cwd: folder(),
      env: { NODE_ENV: 'production', PATH: process.env.PATH ?? '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    const begun = performance.now();
    const first = await childOf(child.pid ?? 0);
    process.kill(first, 'SIGTERM');
    const [code] = await ended;
    expect(code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  test.each(portsOf(name))(
    'a %s that is taken ends it at once, with a sentence that names port and variable',
    async (variable) => {
      const taken = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void taken.close());
      await once(taken, 'listening');
      const address = taken.address();
      const port = address !== null && typeof address === 'object' ? String(address.port) : '';
      const free = String(await freePort());
      const begun = performance.now();
      const service = await RunningService.start(folder(), {
        SHUTDOWN_DRAIN_MS: '20000',
        LOG_LEVEL: 'silent',
        PORT: free,
        [variable]: port,
      });
      expect(await service.exited).toBe(1);
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(service.output.trim()).toBe(
        `Port ${port} is in use by another process: set ${variable} to a free one.`,
      );
    },
  );
});

test('a drain that is longer than the whole shutdown is refused, by both names', async () => {
  const service = await RunningService.start(path.join(root, 'orders'), {
    SHUTDOWN_DRAIN_MS: '30000',
    SHUTDOWN_TIMEOUT_MS: '30000',
  });
  expect(await service.exited).toBe(1);
  expect(service.output).toContain('SHUTDOWN_DRAIN_MS');
  expect(service.output).toContain('SHUTDOWN_TIMEOUT_MS');
});

/** The variables with a port that it listens on. */
function portsOf(name: string): string[] {
  const others: Readonly<Record<string, string>> = { payments: 'GRPC_PORT', edge: 'METRICS_PORT' };
  return ['PORT', others[name] ?? []].flat();
}

/** The only child of a process. */
async function childOf(pid: number): Promise<number> {
  const text = await fs.readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(text.trim());
}
