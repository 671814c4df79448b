import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ClickHouseServer } from '../../../../test/support/clickhouse.ts';
import type { ClickHouseConfig } from '../../../src/clickhouse/index.ts';
import { DeadLetters } from '../../../src/events/index.ts';
import { hasClickHouse, sharedClickHouse } from '../support/clickhouse.ts';
import { configOf } from '../support/clickhouse-config.ts';
import { noteCreated, requests, startNoteEvents } from './note-events.ts';
import { table } from './notes.ts';

const newDatabase = sharedClickHouse();

/** A service that writes the notes that are asked for, until the test ends. */
async function startNotes(
  config: ClickHouseConfig,
  options: Parameters<typeof startNoteEvents>[1] = {},
) {
  const service = await startNoteEvents(config, options);
  onTestFinished(() => service.app.close());
  const { connection, repository } = service.database;
  /** How many notes there are by the exact count, and how many rows that took. */
  const counts = async () => {
    const [all] = await connection.select<{ rows: number }>(`select count() as rows from ${table}`);
    return { counted: (await repository.all()).length, rows: all?.rows ?? 0 };
  };
  return { ...service, connection, counts };
}

describe.skipIf(!hasClickHouse)('redelivery into ClickHouse', () => {
  test('what handlers that run side by side create goes into few inserts', async () => {
    const { app, bus, counts } = await startNotes(await newDatabase(), { maxWait: 100 });
    await bus.publish(requests(160));
    await bus.stopConsuming();
    expect(await counts()).toEqual({ counted: 160, rows: 160 });
    const { body } = await app.inject('/metrics');
    const inserts = Number(/database_bulk_insert_rows_count (\d+)/.exec(body)?.[1]);
    expect(inserts).toBeLessThanOrEqual(20);
  });

  test('events that come again in other inserts and to other instances count once', async () => {
    const config = await newDatabase();
    const services = [await startNotes(config), await startNotes(config)];
    const all = requests(60);
    await Promise.all(services.map(({ bus }) => bus.publish(all)));
    await services[0]?.bus.publish(all.toReversed());
    await Promise.all(services.map(({ bus }) => bus.stopConsuming()));
    for (const { connection, counts } of services.slice(0, 1)) {
      const { counted, rows } = await counts();
      expect(counted).toBe(60);
      expect(rows).toBeGreaterThan(60);
      await connection.command(`optimize table ${table} final`);
      expect((await counts()).counted).toBe(60);
    }
  });

  test('an event that comes again is followed by the same event again', async () => {
    const { bus } = await startNotes(await newDatabase());
    for (let times = 0; times < 2; times += 1) await bus.publish(requests(1));
    await bus.stopConsuming();
    const created = bus.published.filter(({ topic }) => topic === noteCreated.type);
    expect(created).toHaveLength(2);
    expect(new Set(created.map(({ body }) => JSON.parse(body).id)).size).toBe(1);
  });

  test('a service that is killed between its inserts loses none and doubles none', async () => {
    const config = await newDatabase();
    const program = path.join(import.meta.dirname, 'consumer-process.ts');
    const child = spawn(process.execPath, [program, '400'], {
      env: { PATH: process.env.PATH ?? '', DATABASE_URL: config.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), ended]);
    expect(child.exitCode).toBe(null);
    child.kill('SIGKILL');
    await ended;
    const { bus, counts } = await startNotes(config);
    const { counted } = await counts();
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan(400);
    // A bus delivers what was not acknowledged, and may deliver what was.
    await bus.publish(requests(400));
    await bus.stopConsuming();
    expect((await counts()).counted).toBe(400);
  });

  test('a ClickHouse that is killed between inserts costs no event and doubles none', async () => {
    const server = await ClickHouseServer.create();
    onTestFinished(() => server.dispose());
    const config = configOf(await server.database('killed'));
    const { app, bus, counts } = await startNotes(config, { attempts: '1' });
    await bus.publish(requests(400));
    await expect.poll(async () => (await counts()).counted).toBeGreaterThan(20);
    await server.stop();
    await expect.poll(async () => (await app.health.readiness()).ready).toBe(false);
    await server.start();
    await expect.poll(async () => (await counts()).counted, { timeout: 20_000 }).toBe(400);
    expect(await Array.fromAsync(new DeadLetters('notes', bus).read())).toEqual([]);
  });
});
