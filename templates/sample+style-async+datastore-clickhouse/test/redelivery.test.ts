import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient } from '@clickhouse/client';
import type { FastifyInstance } from 'fastify';
import { InProcessBus } from 'service-chassis/development';
import { expect, onTestFinished, test } from 'vitest';
import { addressVariable, placeholderAddress } from '../development/bus-address.ts';
import { startClickHouse } from '../development/clickhouse.ts';
import { countByDay } from '../src/application/count.ts';
import { table } from '../src/database/row.ts';
import { testParts } from './support/parts.ts';
import { requests } from './support/requests.ts';
import { startService } from './support/service.ts';

/** How many there are by the exact count, and how many rows that took. */
async function counts({ database }: FastifyInstance) {
  const daily = await countByDay(database.connection);
  const [all] = await database.connection.select<{ rows: number }>(
    `select count() as rows from ${table}`,
  );
  return { counted: daily.reduce((sum, { count }) => sum + count, 0), rows: all?.rows };
}

test('what handlers that run side by side create goes into few inserts', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus }, { BULK_INSERT_MAX_WAIT_MS: '100' });
  await bus.publish(requests(160));
  await bus.stopConsuming();
  expect(await counts(app)).toEqual({ counted: 160, rows: 160 });
  const { body } = await app.inject('/metrics');
  const inserts = Number(/database_bulk_insert_rows_count (\d+)/.exec(body)?.[1]);
  expect(inserts).toBeLessThanOrEqual(20);
});

test('events that come again in other inserts and to other instances count once', async () => {
  const { environment } = await testParts();
  const buses = [new InProcessBus(), new InProcessBus()];
  const apps = await Promise.all(buses.map((bus) => startService({ bus }, environment)));
  const all = requests(60);
  await Promise.all(buses.map((bus) => bus.publish(all)));
  await buses[0]?.publish(all.toReversed());
  await Promise.all(buses.map((bus) => bus.stopConsuming()));
  const [app] = apps;
  if (app === undefined) throw new Error('no service');
  const { counted, rows } = await counts(app);
  expect(counted).toBe(60);
  expect(rows).toBeGreaterThan(60);
  await app.database.connection.command(`optimize table ${table} final`);
  expect((await counts(app)).counted).toBe(60);
});

test('an event that comes again is followed by the same event again', async () => {
  const bus = new InProcessBus();
  await startService({ bus });
  for (let times = 0; times < 2; times += 1) await bus.publish(requests(1));
  await bus.stopConsuming();
  const created = bus.published.filter(({ topic }) => topic.endsWith('-created.v1'));
  expect(created).toHaveLength(2);
  const ids = created.map(({ body }) => JSON.parse(body).id);
  expect(new Set(ids).size).toBe(1);
});

test('a service that is killed between its inserts loses none and doubles none', async () => {
  const { environment } = await testParts();
  const child = spawn(process.execPath, ['test/support/consumer-process.ts', '400'], {
    env: {
      PATH: process.env.PATH ?? '',
      LOG_LEVEL: 'fatal',
      [addressVariable]: placeholderAddress,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  expect(child.exitCode).toBe(null);
  child.kill('SIGKILL');
  await ended;
  const bus = new InProcessBus();
  const app = await startService({ bus }, environment);
  const { counted } = await counts(app);
  expect(counted).toBeGreaterThan(0);
  expect(counted).toBeLessThan(400);
  // A bus delivers what was not acknowledged, and may deliver what was.
  await bus.publish(requests(400));
  await bus.stopConsuming();
  expect((await counts(app)).counted).toBe(400);
});

test('a ClickHouse that is killed between inserts costs no event and doubles none', async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'service-test-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  const first = await startClickHouse(folder);
  const client = createClient({ url: first.url });
  await client.command({ query: 'create database killed' });
  await client.close();
  const url = new URL(first.url);
  url.pathname = 'killed';
  const bus = new InProcessBus();
  const app = await startService({ bus }, { DATABASE_URL: url.href, EVENTS_ATTEMPTS: '1' });
  await bus.publish(requests(400));
  await expect.poll(async () => (await counts(app)).counted).toBeGreaterThan(20);
  process.kill(first.pid, 'SIGKILL');
  await first.stop();
  await expect.poll(async () => (await app.inject('/health/ready')).statusCode).toBe(503);
  const second = await startClickHouse(folder, Number(url.port));
  onTestFinished(() => second.stop());
  await expect.poll(async () => (await counts(app)).counted, { timeout: 20_000 }).toBe(400);
  expect(await Array.fromAsync(bus.readDeadLetters())).toEqual([]);
});
