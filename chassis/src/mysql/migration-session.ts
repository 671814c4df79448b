import { sql } from 'kysely';
import { type Executor, historyTable } from '../relational/index.ts';

/** Locks are the whole server's, so the database is part of the name, which has 64 places. (MySQL 9.7 has no SHA1.) */
const lockName = sql`sha2(concat(database(), '.', ${historyTable}), 256)`;
const longestWaitSeconds = 3600;

/**
 * Runs work on one connection, under a lock that others of this service wait for. The server lets go
 * of it when the connection ends.
 */
export function underMigrationLock<T>(
  kysely: Executor,
  run: (session: Executor) => Promise<T>,
): Promise<T> {
  return kysely.connection().execute(async (session) => {
    const lock = sql<{ held: number }>`select get_lock(${lockName}, ${longestWaitSeconds}) as held`;
    const { rows } = await lock.execute(session);
    if (Number(rows[0]?.held) !== 1) throw new Error('another instance is still migrating');
    try {
      return await run(session);
    } finally {
      await sql`select release_lock(${lockName})`.execute(session);
    }
  });
}

/**
 * MySQL commits each statement that changes a table's definition by itself, so nothing here can undo
 * half a migration: one that was interrupted runs again from its beginning and must be written for it.
 */
export function inMigration(
  session: Executor,
  run: (executor: Executor) => Promise<void>,
): Promise<void> {
  return run(session);
}

export async function createHistory(session: Executor): Promise<void> {
  await sql`
    create table if not exists ${sql.table(historyTable)} (
      name varchar(255) character set ascii collate ascii_bin primary key,
      checksum char(64) character set ascii not null,
      applied_at datetime(6) not null default current_timestamp(6)
    )
  `.execute(session);
}
