import { Registry } from 'prom-client';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { create } from '../src/application/create.ts';
import { loadConfig } from '../src/config.ts';
import { observeCommands } from '../src/database/commands.ts';
import { Database } from '../src/database/database.ts';
import { migrate } from '../src/database/migrations.ts';
import { SecondAggregateError } from '../src/database/one-change.ts';
import { open } from '../src/domain/__aggregate_kebab__.ts';
import { testParts } from './support/parts.ts';
import { startService } from './support/service.ts';

/** Several instances' connections to one new database. */
async function newDatabases(count: number): Promise<Database[]> {
  const { environment, standIns } = await testParts();
  const { database: config } = await loadConfig({ ...standIns.environment, ...environment });
  const databases = Array.from({ length: count }, () => new Database(config));
  onTestFinished(async () => {
    for (const database of databases) await database.close();
  });
  return databases;
}

test('instances that start together apply each migration once', async () => {
  const databases = await newDatabases(10);
  const applied = await Promise.all(databases.map((database) => migrate(database)));
  const names = applied.flat();
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
});

test('a database that is ahead of the code, or was made by other migrations, is refused', async () => {
  for await (const database of await newDatabases(1)) {
    const [first = ''] = await migrate(database);
    const migrations = database.db.collection<{ _id: string }>('migrations');
    await migrations.insertOne({ _id: '9999-later' });
    await expect(migrate(database)).rejects.toThrow('the code has no migration 9999-later');
    await migrations.deleteOne({ _id: '9999-later' });
    await migrations.updateOne({ _id: first }, { $set: { checksum: 'another' } });
    await expect(migrate(database)).rejects.toThrow(`${first} was changed after`);
  }
});

test('a lease goes to another instance only when its holder shows no sign of life', async () => {
  const [holder, other] = await newDatabases(2);
  const now = vi.spyOn(performance, 'now');
  onTestFinished(() => now.mockRestore());
  const attempt = () => other?.lease('work').tryWith(async () => 'done');
  await holder?.lease('work').tryWith(async () => {
    expect(await attempt()).toBeUndefined();
    now.mockReturnValue(performance.now() + 9000);
    expect(await attempt()).toBeUndefined();
    now.mockReturnValue(performance.now() + 11_000);
    expect(await attempt()).toBe('done');
  });
});

test('who has lost its lease is told so', async () => {
  const [holder] = await newDatabases(1);
  const now = vi.spyOn(performance, 'now');
  onTestFinished(() => now.mockRestore());
  const work = holder?.lease('work').tryWith(async (assertHeld) => {
    assertHeld();
    now.mockReturnValue(performance.now() + 11_000);
    assertHeld();
  });
  await expect(work).rejects.toThrow('the lease work was lost');
});

test('what a unit of work wrote is undone when it fails', async () => {
  const app = await startService();
  const work = app.database.transaction(async (unit) => {
    await create(unit, { reference: 'never' });
    throw new Error('changed my mind');
  });
  await expect(work).rejects.toThrow('changed my mind');
  expect(await app.database.repository.list({ limit: 10, after: undefined })).toEqual([]);
});

test('a unit of work sees what it has changed, and writes it once', async () => {
  const { database } = await startService();
  const { id } = open('first', new Date());
  await database.transaction(async ({ repository }) => {
    const first = { ...open('first', new Date()), id };
    await repository.insert(first);
    expect(await repository.find(id)).toEqual(first);
    await repository.update({ ...first, reference: 'second', version: 2 });
    expect(await database.repository.find(id)).toBeUndefined();
  });
  expect(await database.repository.find(id)).toMatchObject({ reference: 'second', version: 2 });
});

test('a unit of work that changes a second aggregate is an error, and writes nothing', async () => {
  const { database } = await startService();
  const work = database.transaction(async ({ repository }) => {
    await repository.insert(open('first', new Date()));
    await repository.insert(open('second', new Date()));
  });
  await expect(work).rejects.toBeInstanceOf(SecondAggregateError);
  expect(await database.repository.list({ limit: 10, after: undefined })).toEqual([]);
});

test('an address that is missing or wrong is a start-up error that keeps the password', async () => {
  await expect(loadConfig({})).rejects.toThrow('DATABASE_URL');
  for (const address of ['mongodb://host:27017', 'mongodb://me:se/cret@host/name', 'cret']) {
    const load = loadConfig({ DATABASE_URL: address });
    await expect(load).rejects.toThrow('DATABASE_URL: must be a URL such as');
    await expect(load).rejects.not.toThrow('cret');
  }
});

test('slow commands are logged without what is in them, and all are measured', async () => {
  for (const database of await newDatabases(1)) {
    const lines: string[] = [];
    const log = pino({}, { write: (line) => void lines.push(line) });
    const metrics = new Registry();
    observeCommands(database.client, metrics, log, 0);
    await database.repository.insert(open('confidential', new Date()));
    expect(lines.join()).toMatch(/"collection":"\w+","durationMs":.*slow command/);
    expect(lines.join()).not.toContain('confidential');
    expect(await metrics.metrics()).toMatch(
      /database_command_duration_seconds_count\{command="\w+"\} 1/,
    );
  }
});
