import { type Kysely, sql } from 'kysely';

/** Times are columns of the type `datetime`: SQLite keeps them as text, and they are read as times. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table ${sql.table('__service_snake__')} (
      id text primary key,
      reference text not null,
      status text not null check (status in ('open', 'closed')),
      version integer not null,
      created_at datetime not null,
      updated_at datetime not null
    )
  `.execute(kysely);
}
