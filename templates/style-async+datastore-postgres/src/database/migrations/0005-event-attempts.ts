import { type Kysely, sql } from 'kysely';

/** Events over which a process may have ended; the rows of events that were dealt with are removed. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await kysely.schema
    .createTable('event_attempts')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('noted_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('event_attempts_primary_key', ['source', 'event_id'])
    .execute();
}
