import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { create__Aggregate__ as create } from '../src/application/create-__aggregate_kebab__.ts';
import { startService } from './support/service.ts';

const table = '__service_snake__';

test('a statement is planned once on its connection', async () => {
  const { database } = await startService({}, { DATABASE_POOL_MAX: '1' });
  for (const limit of [1, 2, 3]) await database.repository.list({ limit, after: undefined });
  const pages = `%from "${table}" order by "id" limit $1`;
  const { rows } = await sql`
    select name from pg_prepared_statements where statement like ${pages}
  `.execute(database.kysely);
  expect(rows).toHaveLength(1);
});

test('a newer version may add a column, and change the type of one, while this one runs', async () => {
  const { database } = await startService({}, { DATABASE_POOL_MAX: '1' });
  const { id } = await database.transaction((work) => create(work, { reference: 'kept' }));
  const find = () => database.repository.find(id);
  const alter = (change: string) =>
    sql.raw(`alter table "${table}" ${change}`).execute(database.kysely);
  await find();
  await alter('add column priority integer');
  expect(await find()).toMatchObject({ reference: 'kept' });
  await alter('alter column reference type varchar(300)');
  // The connection that had planned with the other type is given up.
  await expect(find()).rejects.toMatchObject({ kind: 'connection' });
  expect(await find()).toMatchObject({ reference: 'kept' });
});
