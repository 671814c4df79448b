import { type Kysely, sql } from 'kysely';

/** The version before this one writes no topic and no aggregate, and knows nothing of what was set aside. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema
    .alterTable('outbox')
    .addColumn('topic', 'text')
    .addColumn('aggregate', 'text')
    .execute();
  await kysely.schema
    .createTable('outbox_refused')
    .addColumn('position', 'bigint', (column) => column.primaryKey())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('refused_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
}
