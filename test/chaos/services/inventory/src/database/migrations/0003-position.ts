import { type Kysely, sql } from 'kysely';

/** The order in which effects were written, for the verdict. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`alter table inventory add column position bigint generated always as identity`.execute(
    kysely,
  );
}
