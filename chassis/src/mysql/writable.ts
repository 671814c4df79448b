import { sql } from 'kysely';
import type { Executor } from '../relational/index.ts';
import { DatabaseError } from '../store/index.ts';

/** Rejects when the server takes no writes, as a replica. Users who may write nevertheless are not meant. */
export function requireWritable(kysely: Executor): Promise<void> {
  return kysely.connection().execute(async (session) => {
    const { rows } = await sql<{ server: unknown; engine: unknown }>`
      select @@global.read_only as server, @@global.innodb_read_only as engine
    `.execute(session);
    // Numbers, or words in newer MariaDBs.
    const isWritable = rows
      .flatMap(Object.values)
      .every((value) => /^(0|OFF)$/.test(String(value)));
    if (isWritable) return;
    // It may lead to a former primary; the next connection finds the present one.
    await sql`kill connection_id()`.execute(session).catch(() => undefined);
    throw new DatabaseError('read-only', 'the database is read-only');
  });
}
