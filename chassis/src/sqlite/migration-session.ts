import { sql } from 'kysely';
import { type Executor, historyTable } from '../relational/index.ts';

/**
 * Runs all migrations in one transaction, for which other processes of this service wait: they write nothing
 * meanwhile, and see all of them or none.
 */
export function underMigrationLock<T>(
  kysely: Executor,
  run: (session: Executor) => Promise<T>,
): Promise<T> {
  return kysely.transaction().execute(run);
}

/** The transaction is that of all migrations. */
export function inMigration(
  session: Executor,
  run: (executor: Executor) => Promise<void>,
): Promise<void> {
  return run(session);
}

export async function createHistory(session: Executor): Promise<void> {
  await sql`
    create table if not exists ${sql.table(historyTable)} (
      name text primary key,
      checksum text not null,
      applied_at datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    )
  `.execute(session);
}
