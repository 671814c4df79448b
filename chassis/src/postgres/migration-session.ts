import { sql } from 'kysely';
import { type Executor, historyTable } from '../relational/index.ts';

/**
 * Runs work on one connection, under a lock that others of this service wait for. PostgreSQL lets go
 * of it when the connection ends, which whoever migrates sees to: after a transaction it takes nothing
 * more (see `Fence`).
 */
export function underMigrationLock<T>(
  kysely: Executor,
  run: (session: Executor) => Promise<T>,
): Promise<T> {
  return kysely.connection().execute(async (session) => {
    await sql`select pg_advisory_lock(hashtext(${historyTable}))`.execute(session);
    return run(session);
  });
}

/** A migration and the note that it was applied commit together. */
export function inMigration(
  session: Executor,
  run: (executor: Executor) => Promise<void>,
): Promise<void> {
  return session.transaction().execute(run);
}

export async function createHistory(session: Executor): Promise<void> {
  await session.schema
    .createTable(historyTable)
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('checksum', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
}
