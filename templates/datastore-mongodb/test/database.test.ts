import { expect, onTestFinished, test, vi } from 'vitest';
import { create__Aggregate__ as create } from '../src/application/create-__aggregate_kebab__.ts';
import { loadConfig } from '../src/config.ts';
import { Database } from '../src/database/database.ts';
import { checkSchema, migrate } from '../src/database/migrations.ts';
import { SecondAggregateError } from '../src/database/one-change.ts';
import { open__Aggregate__ as open } from '../src/domain/__aggregate_kebab__.ts';
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
  const applied = await Promise.all(databases.map(({ config }) => migrate(config)));
  const names = applied.flatMap((state) => state.applied);
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
});

test('a database may be ahead of the code, not behind it, and no migration may be edited', async () => {
  for (const database of await newDatabases(1)) {
    await expect(checkSchema(database)).rejects.toThrow('behind the code');
    await migrate(database.config);
    await checkSchema(database);
    const history = database.db.collection<{ _id: string }>('schema_history');
    await history.insertOne({ _id: '9999-later' });
    expect(await migrate(database.config)).toEqual({ applied: [], ahead: ['9999-later'] });
    expect((await checkSchema(database)).ahead).toEqual(['9999-later']);
    await history.deleteOne({ _id: '9999-later' });
    await history.updateOne({ _id: '0001-create' }, { $set: { checksum: 'another' } });
    await expect(checkSchema(database)).rejects.toThrow('0001-create was edited');
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
  const secret = 'se/cret';
  for (const address of ['mongodb://host:27017', `mongodb://me:${secret}@host/name`, secret]) {
    const load = loadConfig({ DATABASE_URL: address });
    await expect(load).rejects.toThrow('DATABASE_URL: must be a URL such as');
    await expect(load).rejects.not.toThrow('cret');
  }
});

test('slow commands are logged without what is in them, and all are measured', async () => {
  const app = await startService({}, { DATABASE_SLOW_QUERY_MS: '1' });
  const logged: unknown[] = [];
  app.log.warn = (...said: unknown[]) => void logged.push(said);
  const secret = open('a-secret'.repeat(10), new Date());
  await app.database.aggregates.insertOne({ _id: 'long'.repeat(250_000), aggregate: secret });
  const said = JSON.stringify(logged);
  expect(said).toMatch(/"operation":"insert","collection":"\w+","durationMs":\d+},"slow query"/);
  expect(said).not.toContain('a-secret');
  const metrics = (await app.inject('/metrics')).body;
  expect(metrics).toMatch(/database_query_duration_seconds_count\{operation="insert"\} [1-9]/);
  expect(metrics).toMatch(/database_pool_connections\{pool="requests",state="open"\} [1-9]/);
});
