import { expect, test } from 'vitest';
import { create__Aggregate__ as create } from '../src/application/create-__aggregate_kebab__.ts';
import { loadConfig } from '../src/config.ts';
import { Database } from '../src/database/database.ts';
import { checkSchema, migrate } from '../src/database/migrations.ts';
import { testParts } from './support/parts.ts';
import { startService } from './support/service.ts';

test('instances that start together apply each migration once', async () => {
  const { environment, standIns } = await testParts();
  const { database: config } = await loadConfig({ ...standIns.environment, ...environment });
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(config)));
  const names = applied.flatMap((state) => state.applied);
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
});

test('a database that is behind the code is refused, and so is one with another history', async () => {
  const { environment, standIns } = await testParts();
  const { database: config } = await loadConfig({ ...standIns.environment, ...environment });
  const database = new Database(config);
  const { kysely } = database;
  try {
    await expect(checkSchema(database)).rejects.toThrow('behind the code');
    await migrate(config);
    await checkSchema(database);
    await kysely
      .insertInto('schema_history')
      .values({ name: '0001-between', checksum: '' })
      .execute();
    await expect(migrate(config)).rejects.toThrow('another history');
    await kysely.deleteFrom('schema_history').where('name', '=', '0001-between').execute();
    await kysely.updateTable('schema_history').set({ checksum: 'other' }).execute();
    await expect(checkSchema(database)).rejects.toThrow('0001-create was edited');
  } finally {
    await database.close();
  }
});

test('a database that a newer version of the service has added to is good enough', async () => {
  const { environment, standIns } = await testParts();
  const { database: config } = await loadConfig({ ...standIns.environment, ...environment });
  const database = new Database(config);
  try {
    await migrate(config);
    await database.kysely
      .insertInto('schema_history')
      .values({ name: '9999-later', checksum: '' })
      .execute();
    expect(await migrate(config)).toEqual({ applied: [], ahead: ['9999-later'] });
    expect(await checkSchema(database)).toEqual({ applied: [], ahead: ['9999-later'] });
  } finally {
    await database.close();
  }
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

test('work that catches the error of a statement is done, or is refused and undone', async () => {
  const app = await startService();
  const work = app.database.transaction(async (unit) => {
    const created = await create(unit, { reference: 'caught' });
    await unit.repository.insert(created).catch(() => undefined);
  });
  const done = await work.then(
    () => 1,
    () => 0,
  );
  expect(await app.database.repository.list({ limit: 10, after: undefined })).toHaveLength(done);
});

test('when no connection is free in time the work is refused, and later it is done', async () => {
  const limits = { DATABASE_POOL_MAX: '1', DATABASE_CONNECT_TIMEOUT_MS: '100' };
  const { database } = await startService({}, limits);
  const held = Promise.withResolvers<void>();
  const holder = database.transaction(() => held.promise);
  const work = () => database.transaction((unit) => create(unit, { reference: 'patient' }));
  await expect(work()).rejects.toMatchObject({ kind: 'pool' });
  held.resolve();
  await holder;
  await work();
});

test('a slow statement is logged and measured, without its values', async () => {
  const app = await startService({}, { DATABASE_SLOW_QUERY_MS: '1' });
  const logged: unknown[] = [];
  app.log.warn = (...said: unknown[]) => void logged.push(said);
  const values = 'a-secret'.repeat(500_000);
  const rows = app.database.kysely.selectFrom('__service_snake__');
  await rows.select('id').where('reference', '=', values).execute();
  const said = JSON.stringify(logged);
  expect(said).toMatch(/select .* from .* where/);
  expect(said).not.toContain('a-secret');
  const metrics = (await app.inject('/metrics')).body;
  expect(metrics).toMatch(/database_query_duration_seconds_count\{operation="select"\} [1-9]/);
});

test('an address that speaks of TLS is refused, as it would overrule the variables', async () => {
  const { environment, standIns } = await testParts();
  const given = { ...standIns.environment, ...environment };
  const url = new URL(given.DATABASE_URL ?? '');
  url.searchParams.set('sslmode', 'disable');
  const config = loadConfig({ ...given, DATABASE_URL: url.href, DATABASE_TLS: 'true' });
  await expect(config).rejects.toThrow(/DATABASE_URL: .*DATABASE_TLS/);
});

test('a missing address is a start-up error that names the variable', async () => {
  await expect(loadConfig({})).rejects.toThrow('DATABASE_URL');
});
