import fs from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrate } from '../../../src/relational/index.ts';
import { backUp } from '../../../src/sqlite/index.ts';
import { onEachServer, startOrders, type Work } from '../support/relational.ts';

onEachServer(
  (server) => {
    /** A database with its tables, and a connection of another process in effect. */
    async function opened(variables: Readonly<Record<string, string>> = {}) {
      const config = await server.database(variables);
      const database = server.open(config);
      await migrate(database, server.migrations);
      const file = config.url.slice('file:'.length);
      return { config, database, file };
    }

    test('units of work write one after the other, and their statements never mix', async () => {
      const { database } = await opened();
      const order: string[] = [];
      const work = (name: string) =>
        database.transaction(async ({ orders }) => {
          for (const step of [1, 2, 3]) {
            await orders.insert(`${name}${step}`);
            order.push(`${name}${step}`);
            await delay(5);
          }
        });
      await Promise.all(['a', 'b', 'c'].map(work));
      expect(order).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1', 'c2', 'c3']);
    });

    test('others read what is committed while a unit of work writes', async () => {
      const { database } = await opened();
      await database.transaction(({ orders }) => orders.insert('before'));
      const read = () => database.kysely.selectFrom('orders').select('reference').execute();
      await database.transaction(async ({ orders }) => {
        await orders.insert('not yet');
        expect(await read()).toEqual([{ reference: 'before' }]);
      });
      expect(await read()).toHaveLength(2);
    });

    test('a long unit of work lets the event loop turn', async () => {
      const { database } = await opened();
      let turns = 0;
      const timer = setInterval(() => {
        turns += 1;
      }, 1);
      await database.transaction(async ({ orders }) => {
        for (let made = 0; made < 500; made += 1) await orders.insert('one of many');
      });
      clearInterval(timer);
      expect(turns).toBeGreaterThan(5);
    });

    test('what one statement writes outside of a unit of work waits for its turn', async () => {
      const { database } = await opened();
      const order: string[] = [];
      const unit = database.transaction(async ({ orders }) => {
        await orders.insert('in the unit');
        await delay(50);
        order.push('unit');
      });
      await delay(10);
      await database.kysely.deleteFrom('orders').execute();
      order.push('statement');
      await unit;
      expect(order).toEqual(['unit', 'statement']);
      // Written as text, it is told by what it does.
      await sql`with one(id) as (select 'x') insert into orders select id, id from one`.execute(
        database.kysely,
      );
      expect(await database.kysely.selectFrom('orders').selectAll().execute()).toHaveLength(1);
    });

    test('another process that writes is waited for, and is no outage', async () => {
      const { database, file } = await opened({ DATABASE_STATEMENT_TIMEOUT_MS: '200' });
      const other = new DatabaseSync(file);
      other.exec('begin immediate');
      const work = () => database.transaction(({ orders }) => orders.insert('patient'));
      const start = performance.now();
      let turns = 0;
      const timer = setInterval(() => {
        turns += 1;
      }, 5);
      await expect(work()).rejects.toMatchObject({ kind: 'lock-timeout', statusCode: 503 });
      clearInterval(timer);
      expect(performance.now() - start).toBeGreaterThanOrEqual(190);
      expect(turns).toBeGreaterThan(5);
      await database.ping();
      const waiting = work();
      other.exec('rollback');
      other.close();
      await waiting;
    });

    test('a unit of work that SQLite has undone by itself commits nothing', async () => {
      const { database } = await opened();
      await sql`
        create trigger no_room before insert on orders when new.reference = 'too much'
        begin select raise(rollback, 'no room'); end
      `.execute(database.kysely);
      const work = database.transaction(async ({ orders }) => {
        await orders.insert('before');
        await orders.insert('too much').catch(() => undefined);
        await orders.insert('after').catch(() => undefined);
      });
      await expect(work).rejects.toThrow('no room');
      expect(await database.kysely.selectFrom('orders').selectAll().execute()).toEqual([]);
      await database.transaction(({ orders }) => orders.insert('next'));
    });

    test('a unit of work that sends nothing any more is undone, and others write', async () => {
      const { database } = await opened({ DATABASE_STATEMENT_TIMEOUT_MS: '50' });
      const gate = Promise.withResolvers<void>();
      const left = database.transaction(async ({ orders }) => {
        await orders.insert('left');
        await gate.promise;
        await orders.insert('late');
      });
      await delay(10);
      await database.transaction(({ orders }) => orders.insert('other'));
      gate.resolve();
      await expect(left).rejects.toMatchObject({ kind: 'transaction-timeout' });
      const kept = await database.kysely.selectFrom('orders').select('reference').execute();
      expect(kept).toEqual([{ reference: 'other' }]);
    });

    test('nothing is confirmed once the file was removed or replaced, and nobody is ready', async () => {
      const { app, database, config } = await startOrders(server);
      const file = config.url.slice('file:'.length);
      const work = ({ orders }: Work) => orders.insert('lost');
      await fs.rename(file, `${file}.away`);
      const gone = { kind: 'unavailable', statusCode: 503 };
      await expect(database.transaction(work)).rejects.toMatchObject(gone);
      await expect.poll(async () => (await app.inject('/health/ready')).statusCode).toBe(503);
      await fs.writeFile(file, '');
      await expect(database.transaction(work)).rejects.toMatchObject(gone);
      await fs.rename(`${file}.away`, file);
      await database.transaction(work);
      await database.ping();
    });

    test('a file that cannot be opened is named', async () => {
      const config = await server.database();
      const away = server.open({ ...config, url: server.away(config) });
      const nowhere = { kind: 'connection', message: expect.stringContaining('nowhere') };
      await expect(away.connect()).rejects.toMatchObject(nowhere);
    });

    test('times go in and out as times, and what else a column may hold', async () => {
      const { database } = await opened();
      const at = new Date('2026-02-03T04:05:06.789Z');
      await database.kysely
        .insertInto('inbox')
        .values({ source: 's', event_id: 'e', handled_at: at })
        .execute();
      const found = database.kysely.selectFrom('inbox').select('handled_at');
      expect(await found.executeTakeFirst()).toEqual({ handled_at: at });
      const { rows } = await sql`select ${true} as yes, ${undefined} as none, ${2n} as two,
        ${Buffer.from('x')} as bytes`.execute(database.kysely);
      expect(rows).toEqual([
        { yes: 1, none: null, two: 2, bytes: new Uint8Array(Buffer.from('x')) },
      ]);
      await expect(sql`select ${{}}`.execute(database.kysely)).rejects.toThrow('a statement takes');
    });

    test('a transaction is not begun by a statement', async () => {
      const { database } = await opened();
      const begun = sql`begin`.execute(database.kysely);
      await expect(begun).rejects.toThrow('a transaction is begun by');
      await database.transaction(({ orders }) => orders.insert('fine'));
    });

    test('a backup is whole and as of one moment, whatever is written meanwhile', async () => {
      const { config, database, file } = await opened();
      await database.transaction(({ orders }) => orders.insert('kept'));
      const copy = path.join(path.dirname(file), `${path.basename(file)}.backup`);
      await database.transaction(async ({ orders }) => {
        await orders.insert('not committed');
        await backUp(config, copy);
      });
      const restored = server.open({ ...config, url: `file:${copy}` });
      const rows = restored.kysely.selectFrom('orders').select('reference');
      expect(await rows.execute()).toEqual([{ reference: 'kept' }]);
      await expect(backUp(config, copy)).rejects.toThrow('is there already');
      await expect(backUp({ url: 'file:/nowhere/x.db' }, copy)).rejects.toThrow();
    });
  },
  ['sqlite'],
);
