import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Connection } from '../../../src/clickhouse/index.ts';
import { VersionConflictError } from '../../../src/store/index.ts';
import { buildService } from '../../support/service.ts';
import { hasClickHouse, sharedClickHouse } from '../support/clickhouse.ts';
import { configOf } from '../support/clickhouse-config.ts';
import { newNote, notesOn, revised, table } from './notes.ts';

const newDatabase = sharedClickHouse();
const secret = 'secret-word';

/** A service that keeps notes, started. */
async function startNotes(change: { readonly slowQuery?: number } = {}) {
  const app = await buildService();
  const database = notesOn(app, { ...(await newDatabase()), ...change });
  await app.ready();
  await vi.waitFor(async () => expect((await app.health.readiness()).ready).toBe(true), 20_000);
  return { app, database, notes: database.repository };
}

describe.skipIf(!hasClickHouse)('a database of ClickHouse', () => {
  test('what a unit of work wrote is undone when it fails', async () => {
    const { database, notes } = await startNotes();
    const work = database.transaction(async (unit) => {
      await unit.notes.insert(newNote('1', 'never'));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await notes.all()).toEqual([]);
  });

  test('of writers that change the same version at the same time one wins, and the others are told', async () => {
    const { database, notes } = await startNotes();
    const first = newNote('1', 'first');
    await notes.insert(first);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, writer) =>
        database.transaction((work) => work.notes.update(revised(first, `by ${writer}`))),
      ),
    );
    const won = results.flatMap(({ status }, writer) => (status === 'fulfilled' ? [writer] : []));
    expect(won).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(VersionConflictError);
    expect(await notes.find('1')).toMatchObject({ text: `by ${won[0]}` });
    // Those that lost left nothing behind.
    expect(await database.connection.select(`select 1 from ${table}`)).toHaveLength(2);
  });

  test('of two rows for one version the first counts, also when ClickHouse has merged them', async () => {
    const { database, notes } = await startNotes();
    const { connection } = database;
    const first = newNote('1', 'first');
    await notes.insert(first);
    await notes.update(revised(first, 'won'));
    // As from a writer who stood still for so long that its token was forgotten.
    await connection.command(
      `insert into ${table} select * replace('lost' as text, 'x' as writer)
        from ${table} where version = 2`,
    );
    expect(await connection.select(`select 1 from ${table}`)).toHaveLength(3);
    for (const step of ['select 1', `optimize table ${table} final`]) {
      await connection.command(step);
      expect(await notes.find('1')).toMatchObject({ text: 'won', version: 2 });
      expect(await notes.all()).toMatchObject([{ text: 'won' }]);
    }
  });

  test('statements are timed and counted, and a slow one is logged without its values', async () => {
    const { app, database } = await startNotes({ slowQuery: 100 });
    const warn = vi.spyOn(app.log, 'warn');
    const { connection } = database;
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
    const config = await newDatabase();
    for (const change of [
      (url: URL) => Object.assign(url, { password: secret }),
      (url: URL) => Object.assign(url, { password: secret, port: '1' }),
    ]) {
      const url = change(new URL(config.url)).href;
      const connection = new Connection({
        service: 'test',
        config: { ...config, url },
        observe: ({ error, sql }) => expect(`${String(error)} ${sql}`).not.toContain(secret),
      });
      onTestFinished(() => connection.close());
      const failure = await connection.ping().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(inspect(failure, { depth: null, showHidden: true })).not.toContain(secret);
    }
  });
});

test('a server that is away is an error of the database, which over HTTP is 503', async () => {
  const config = configOf({ DATABASE_URL: 'http://me:sesame@127.0.0.1:1/notes' });
  const connection = new Connection({ service: 'test', config });
  onTestFinished(() => connection.close());
  const error = { name: 'DatabaseError', kind: 'connection', statusCode: 503 };
  await expect(connection.select('select 1')).rejects.toMatchObject(error);
});

test('a missing address is an error that names the variable, and a wrong one is not repeated', () => {
  expect(() => configOf({})).toThrow('DATABASE_URL');
  const wrong = () => configOf({ DATABASE_URL: `ftp://user:${secret}@host/` });
  expect(wrong).toThrow('DATABASE_URL');
  expect(wrong).not.toThrow(secret);
});
