import { type Kysely, sql } from 'kysely';

export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema
    .createTable('shipping')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('reference', 'varchar(200)', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
    .addCheckConstraint('status_is_known', sql`status in ('open', 'closed')`)
    .execute();
}
