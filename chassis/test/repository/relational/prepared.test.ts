import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { onEachServer, startOrders } from '../support/relational.ts';

/** The others plan each statement anew: there is nothing to be held. */
onEachServer(
  (server) => {
    test('a statement is planned once on its connection', async () => {
      const environment = { DATABASE_POOL_MAX: '1' };
      const { database } = await startOrders(server, { environment });
      const page = database.kysely.selectFrom('orders').selectAll();
      for (const limit of [1, 2, 3]) await page.limit(limit).execute();
      const pages = '%from "orders" limit $1';
      const { rows } = await sql`
      select name from pg_prepared_statements where statement like ${pages}
    `.execute(database.kysely);
      expect(rows).toHaveLength(1);
    });

    test('a newer version may add a column, and change the type of one, while this one runs', async () => {
      const environment = { DATABASE_POOL_MAX: '1' };
      const { database } = await startOrders(server, { environment });
      const id = await database.transaction(({ orders }) => orders.insert('kept'));
      const found = database.kysely.selectFrom('orders').select(['id', 'reference']);
      const find = () => found.where('id', '=', id).executeTakeFirst();
      const alter = (change: string) =>
        sql.raw(`alter table orders ${change}`).execute(database.kysely);
      await find();
      await alter('add column priority integer');
      expect(await find()).toMatchObject({ reference: 'kept' });
      await alter('alter column reference type varchar(300)');
      // The connection that had planned with the other type is given up.
      await expect(find()).rejects.toMatchObject({ kind: 'connection' });
      expect(await find()).toMatchObject({ reference: 'kept' });
    });
  },
  ['postgres'],
);
