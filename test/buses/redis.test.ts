import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { RedisServer, redisProgram } from '../support/redis.ts';
import { BusProcess } from './bus-process.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>> | undefined;
let server: RedisServer | undefined;

beforeAll(async () => {
  if (redisProgram === undefined) return;
  dependencies = await installedDependencies();
  server = await RedisServer.create();
});

afterAll(async () => {
  await server?.dispose();
  await dependencies?.dispose();
});

async function emitted(): Promise<string> {
  const cwd = await temporaryFolder();
  const choices = ['--style', 'async', '--datastore', 'none', '--bus', 'redis'];
  await cli(['orders', '--yes', ...choices, '--cwd', cwd, '--no-install', '--no-git']);
  const folder = path.join(cwd, 'orders');
  await fs.symlink(dependencies?.folder ?? '', path.join(folder, 'node_modules'));
  return folder;
}

test.skipIf(redisProgram === undefined)(
  'a read that a cut delays until after the next one takes no message away, and none out of order',
  { timeout: 120_000 },
  async () => {
    if (server === undefined) throw new Error('no server');
    const folder = await emitted();
    const environment = { ...server.environment, EVENTS_CREATE_TOPICS: 'true' };
    const { port } = new URL(server.environment.REDIS_URL ?? '');
    const proxy = await CuttableProxy.to(Number(port));
    const publisher = await BusProcess.start(folder, environment);
    const cutOff = { ...environment, REDIS_URL: `redis://127.0.0.1:${proxy.port}` };
    const consumer = await BusProcess.start(folder, cutOff);
    const events = ['late.v1'];
    const all = { events, consumed: events, deadLetters: 'late.dead-letter' };
    for (const instance of [publisher, consumer]) await instance.do('connect', all);
    await consumer.do('consume', all.events, { kind: 'slow', ms: 1 });

    let sent = 0;
    const publish = async (count: number): Promise<void> => {
      const bodies = Array.from({ length: count }, () => `${sent++}`);
      const message = { topic: 'late.v1', key: 'key', headers: {} };
      await publisher.do(
        'publish',
        bodies.map((body) => ({ ...message, body })),
      );
    };
    await vi.waitFor(
      async () => {
        proxy.mend();
        await publish(1);
        proxy.cut();
        await delay(20);
        expect(proxy.holdsBack('XREADGROUP')).toBe(true);
      },
      { timeout: 30_000, interval: 50 },
    );
    const [before, handled] = [proxy.connections, consumer.handled.length];
    await vi.waitFor(
      async () => {
        await publish(1);
        expect(proxy.connections).toBeGreaterThan(before);
        expect(consumer.handled.length).toBeGreaterThan(handled + 10);
      },
      { timeout: 30_000, interval: 50 },
    );
    // More than the consumer takes at once: the late read finds something.
    await publish(500);
    proxy.mend();
    await publish(5);

    const expected = Array.from({ length: sent }, (_, place) => `${place}`);
    const seen = () => [...new Set(consumer.handled.map(({ body }) => body))];
    await vi.waitFor(() => expect(seen()).toEqual(expected), { timeout: 20_000, interval: 100 });
    proxy.dispose();
  },
);

test.skipIf(redisProgram === undefined)(
  'a publisher whose clock is months ahead takes no events away',
  { timeout: 60_000 },
  async () => {
    const folder = await emitted();
    const environment = {
      ...server?.environment,
      EVENTS_CREATE_TOPICS: 'true',
      EVENTS_PARTITIONS: '1',
    };
    const ahead = 'const now = Date.now; Date.now = () => now() + 90 * 86_400_000;';
    const [service, drifted] = await Promise.all([
      BusProcess.start(folder, environment),
      BusProcess.start(folder, {
        ...environment,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ahead)}`,
      }),
    ]);
    const events = ['clock.v1'];
    const all = { events, consumed: events, deadLetters: 'clock.dead-letter' };
    for (const instance of [service, drifted]) await instance.do('connect', all);
    const message = { topic: 'clock.v1', key: 'key', headers: {} };
    const bodies = Array.from({ length: 500 }, (_, index) => `${index}`);
    await service.do(
      'publish',
      bodies.map((body) => ({ ...message, body })),
    );
    await drifted.do('publish', [{ ...message, body: 'drifted' }]);
    await service.do('consume', events, { kind: 'handle' });
    const handled = () => service.handled.map(({ body }) => body);
    await vi.waitFor(() => expect(handled()).toEqual([...bodies, 'drifted']), 20_000);
  },
);
