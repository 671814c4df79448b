import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Connection } from '../../../src/mongodb/connection.ts';
import { type MongoConfig, SecondAggregateError } from '../../../src/mongodb/index.ts';
import { checkSchema, migrate } from '../../../src/mongodb/migrations.ts';
import { configOf, hasMongo, sharedMongo } from '../support/mongodb.ts';
import { migrations, newNote, startNotes } from './notes.ts';

const newDatabase = sharedMongo();

/** Several instances' connections to one database. */
function connect(config: MongoConfig, count = 1): Connection[] {
  return Array.from({ length: count }, () => {
    const connection = new Connection({ service: 'test', config });
    onTestFinished(() => connection.close());
    return connection;
  });
}

describe.skipIf(!hasMongo)('a database of MongoDB', () => {
  test('instances that start together apply each migration once', async () => {
    const config = await newDatabase();
    const applied = await Promise.all(
      Array.from({ length: 10 }, () => migrate({ service: 'test', config }, migrations)),
    );
    const names = applied.flatMap((state) => state.applied);
    expect(names.sort()).toEqual(['0001-create', '0002-events']);
  });

  test('a database may be ahead of the code, not behind it, and no migration may be edited', async () => {
    const config = await newDatabase();
    for (const { db } of connect(config)) {
      const check = () => checkSchema(db, migrations);
      await expect(check()).rejects.toThrow('behind the code');
      await migrate({ service: 'test', config }, migrations);
      await check();
      const history = db.collection<{ _id: string }>('schema_history');
      await history.insertOne({ _id: '9999-later' });
      expect(await migrate({ service: 'test', config }, migrations)).toEqual({
        applied: [],
        ahead: ['9999-later'],
      });
      expect((await check()).ahead).toEqual(['9999-later']);
      await history.deleteOne({ _id: '9999-later' });
      await history.updateOne({ _id: '0001-create' }, { $set: { checksum: 'another' } });
      await expect(check()).rejects.toThrow('0001-create was edited');
    }
  });

  test('a lease goes to another instance only when its holder shows no sign of life', async () => {
    const [holder, other] = connect(await newDatabase(), 2);
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
    const [holder] = connect(await newDatabase());
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
    const { database, notes } = await startNotes(await newDatabase());
    const work = database.transaction(async (unit) => {
      await unit.notes.insert(newNote('1', 'never'));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await notes.all()).toEqual([]);
  });

  test('a unit of work sees what it has changed, and writes it once', async () => {
    const { database, notes } = await startNotes(await newDatabase());
    await database.transaction(async (work) => {
      const first = newNote('1', 'first');
      await work.notes.insert(first);
      expect(await work.notes.find('1')).toEqual(first);
      await work.notes.update({ ...first, text: 'second', version: 2 });
      expect(await notes.find('1')).toBeUndefined();
    });
    expect(await notes.find('1')).toMatchObject({ text: 'second', version: 2 });
  });

  test('a unit of work that changes a second aggregate is an error, and writes nothing', async () => {
    const { database, notes } = await startNotes(await newDatabase());
    const work = database.transaction(async (unit) => {
      await unit.notes.insert(newNote('1', 'first'));
      await unit.notes.insert(newNote('2', 'second'));
    });
    await expect(work).rejects.toBeInstanceOf(SecondAggregateError);
    expect(await notes.all()).toEqual([]);
  });

  test('what the driver throws is an error of the database, also within a unit of work', async () => {
    const { app, database, notes } = await startNotes(await newDatabase());
    await app.close();
    const error = { name: 'DatabaseError', kind: 'connection', statusCode: 503 };
    await expect(notes.find('1')).rejects.toMatchObject(error);
    await expect(notes.insert(newNote('1', 'late'))).rejects.toMatchObject(error);
    const work = database.transaction(() => database.db.command({ ping: 1 }));
    await expect(work).rejects.toMatchObject(error);
  });

  test('slow commands are logged without what is in them, and all are measured', async () => {
    const { app, database } = await startNotes({ ...(await newDatabase()), slowQuery: 1 });
    const warn = vi.spyOn(app.log, 'warn');
    const text = 'a-secret'.repeat(100_000);
    await database.aggregates.insertOne({ _id: '1', aggregate: newNote('1', text) });
    const said = JSON.stringify(warn.mock.calls);
    expect(said).toMatch(
      /"operation":"insert","collection":"notes","durationMs":\d+},"slow query"/,
    );
    expect(said).not.toContain('a-secret');
    const metrics = (await app.inject('/metrics')).body;
    expect(metrics).toMatch(/database_query_duration_seconds_count\{operation="insert"\} [1-9]/);
    expect(metrics).toMatch(/database_pool_connections\{pool="requests",state="open"\} [1-9]/);
    expect(metrics).toMatch(/database_pool_connections\{pool="events",state="open"\} [1-9]/);
  });
});

test('an address that is missing or wrong is an error that keeps the password', () => {
  expect(() => configOf({})).toThrow('DATABASE_URL');
  const secret = 'se/cret';
  for (const address of ['mongodb://host:27017', `mongodb://me:${secret}@host/name`, secret]) {
    const read = () => configOf({ DATABASE_URL: address });
    expect(read).toThrow('DATABASE_URL: must be a URL such as');
    expect(read).not.toThrow('cret');
  }
});
