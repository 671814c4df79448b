import { sql } from 'kysely';
import type { Database } from '../../src/database/database.ts';

/** Ends the connection of every transaction that is open in the service's database. */
export async function killTransactions({ kysely }: Database): Promise<void> {
  const open = sql<{ id: string }>`
    select processlist.id from information_schema.innodb_trx
    join information_schema.processlist on processlist.id = innodb_trx.trx_mysql_thread_id
    where processlist.db = database()
  `;
  const { rows } = await open.execute(kysely);
  for (const { id } of rows) await sql`kill ${sql.raw(id)}`.execute(kysely);
}
