import { sql } from 'kysely';
import type { Database } from '../../src/database/database.ts';

/** Ends the connection of every transaction that is open in the service's database. */
export async function killTransactions({ kysely }: Database): Promise<void> {
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'
  `.execute(kysely);
}
