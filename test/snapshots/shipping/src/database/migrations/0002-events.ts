import { type Kysely, sql } from 'kysely';

/** Events to publish, and those that the bus refused; events that were handled, and attempts at them. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema
    .createTable('outbox')
    .addColumn('position', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('written_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
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
  await kysely.schema
    .createTable('inbox')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addColumn('handled_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('inbox_primary_key', ['source', 'event_id'])
    .execute();
  await kysely.schema.createIndex('inbox_handled_at').on('inbox').column('handled_at').execute();
  await kysely.schema
    .createTable('event_attempts')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('noted_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('event_attempts_primary_key', ['source', 'event_id'])
    .execute();
}
