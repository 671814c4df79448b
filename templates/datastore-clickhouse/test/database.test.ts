import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { create__Aggregate__ as create } from '../src/application/create-__aggregate_kebab__.ts';
import { loadConfig } from '../src/config.ts';
import { Connection } from '../src/database/connection.ts';
import { table } from '../src/database/row.ts';
import { VersionConflictError } from '../src/database/version-conflict.ts';
import {
  change__Aggregate__ as revise,
  open__Aggregate__ as open,
} from '../src/domain/__aggregate_kebab__.ts';
import { connect } from './support/connect.ts';
import { startService } from './support/service.ts';

const secret = 'secret-word';

test('what a unit of work wrote is undone when it fails', async () => {
  const app = await startService();
  const work = app.database.transaction(async (unit) => {
    await create(unit, { reference: 'never' });
    throw new Error('changed my mind');
  });
  await expect(work).rejects.toThrow('changed my mind');
  expect(await app.database.repository.list({ limit: 10, after: undefined })).toEqual([]);
});

test('of writers that change the same version at the same time one wins, and the others are told', async () => {
  const { database } = await startService();
  const first = open('first', new Date());
  await database.repository.insert(first);
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, writer) =>
      database.transaction((work) =>
        work.repository.update(
          revise(first, { reference: `by ${writer}`, status: 'open' }, new Date()),
        ),
      ),
    ),
  );
  const won = results.flatMap(({ status }, writer) => (status === 'fulfilled' ? [writer] : []));
  expect(won).toHaveLength(1);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(VersionConflictError);
  expect(await database.repository.find(first.id)).toMatchObject({ reference: `by ${won[0]}` });
  // Those that lost left nothing behind.
  expect(await database.connection.select(`select 1 from ${table}`)).toHaveLength(2);
});

test('of two rows for one version the first counts, also when ClickHouse has merged them', async () => {
  const { database } = await startService();
  const { connection, repository } = database;
  const first = open('first', new Date());
  await repository.insert(first);
  await repository.update(revise(first, { reference: 'won', status: 'open' }, new Date()));
  // As from a writer who stood still for so long that its token was forgotten.
  await connection.command(
    `insert into ${table} select * replace('lost' as reference, 'x' as writer)
      from ${table} where version = 2`,
  );
  expect(await connection.select(`select 1 from ${table}`)).toHaveLength(3);
  for (const step of ['select 1', `optimize table ${table} final`]) {
    await connection.command(step);
    expect(await repository.find(first.id)).toMatchObject({ reference: 'won', version: 2 });
    expect(await repository.list({ limit: 2, after: undefined })).toMatchObject([
      { reference: 'won' },
    ]);
  }
});

test('statements are timed and counted, and a slow one is logged without its values', async () => {
  const app = await startService({}, { DATABASE_SLOW_QUERY_MS: '100' });
  const warn = vi.spyOn(app.log, 'warn');
  const { connection } = app.database;
  const query = 'select sleep({pause:Float64}), {value:String}';
  await connection.select(query, { pause: 0.2, value: 'hidden' });
  await expect(connection.select('select nothing')).rejects.toThrow();
  expect(warn.mock.calls.flat()).toContain('slow query');
  expect(JSON.stringify(warn.mock.calls)).toContain(query);
  expect(JSON.stringify(warn.mock.calls)).not.toContain('hidden');
  const { body } = await app.inject('/metrics');
  expect(body).toMatch(/database_query_duration_seconds_count\{operation="select"\} [1-9]/);
  expect(body).toContain('database_errors_total{kind="other"} 1');
});

test('neither a wrong password nor an unreachable server puts the password into an error', async () => {
  const { config } = await connect();
  for (const change of [
    (url: URL) => Object.assign(url, { password: secret }),
    (url: URL) => Object.assign(url, { password: secret, port: '1' }),
  ]) {
    const url = change(new URL(config.url)).href;
    const connection = new Connection({ ...config, url }, ({ error, sql }) => {
      expect(`${String(error)} ${sql}`).not.toContain(secret);
    });
    const failure = await connection.ping().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(inspect(failure, { depth: null, showHidden: true })).not.toContain(secret);
    await connection.close();
  }
});

test('a missing address is a start-up error that names the variable, and a wrong one is not repeated', async () => {
  await expect(loadConfig({})).rejects.toThrow('DATABASE_URL');
  const wrong = loadConfig({ DATABASE_URL: `ftp://user:${secret}@host/` });
  await expect(wrong).rejects.toThrow('DATABASE_URL');
  await expect(wrong).rejects.not.toThrow(secret);
});
