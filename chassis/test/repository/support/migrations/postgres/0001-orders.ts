import type { Kysely } from 'kysely';

export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema
    .createTable('orders')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('reference', 'varchar(200)', (column) => column.notNull())
    .execute();
}
