import { type Kysely, sql } from 'kysely';

/**
 * The version before this one writes no topic and no aggregate, and knows nothing of what was set aside.
 * As MySQL cannot undo half a migration, each statement can be repeated.
 */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  const columns = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_schema = database() and table_name = 'outbox' and column_name = 'topic'
  `.execute(kysely);
  if (columns.rows.length === 0)
    await sql`alter table outbox add column topic text, add column aggregate text`.execute(kysely);
  await sql`
    create table if not exists outbox_refused (
      position bigint primary key,
      event longtext not null,
      reason text not null,
      refused_at datetime(6) not null default current_timestamp(6)
    ) engine = innodb character set utf8mb4 collate utf8mb4_bin
  `.execute(kysely);
}
