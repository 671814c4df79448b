import type { Kysely } from 'kysely';

export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema
    .createTable('orders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('reference', 'text', (column) => column.notNull())
    .execute();
}
