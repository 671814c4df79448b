import { sql } from 'kysely';
import type { Executor } from '../relational/index.ts';

/**
 * Rejects when the database takes no writes, as on a standby. The server itself raises the error, so that
 * the connection is given up as after a refused write: it may lead to a former primary.
 */
export async function requireWritable(kysely: Executor): Promise<void> {
  await sql`do $$ begin
    if current_setting('transaction_read_only')::boolean then
      raise read_only_sql_transaction using message = 'the database is read-only';
    end if;
  end $$`.execute(kysely);
}
