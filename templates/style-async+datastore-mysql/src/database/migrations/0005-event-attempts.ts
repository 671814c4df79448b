import { type Kysely, sql } from 'kysely';

/** Events over which a process may have ended; the rows of events that were dealt with are removed. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists event_attempts (
      source varbinary(1000) not null,
      event_id varbinary(1000) not null,
      attempts int not null,
      noted_at datetime(6) not null default current_timestamp(6),
      primary key (source, event_id)
    ) engine = innodb
  `.execute(kysely);
}
