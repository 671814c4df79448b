import type { Kysely } from 'kysely';

export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema
    .createTable('stock')
    .addColumn('article', 'text', (column) => column.primaryKey())
    .addColumn('reserved', 'integer', (column) => column.notNull())
    .execute();
}
