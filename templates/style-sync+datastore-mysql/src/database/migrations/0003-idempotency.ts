import { type Kysely, sql } from 'kysely';

/** Keys are ASCII and compared byte by byte: the collation of a database may take a and A for one. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists idempotency_keys (
      id varchar(255) character set ascii collate ascii_bin primary key,
      fingerprint varchar(64) character set ascii not null,
      answer mediumtext not null,
      kept_at bigint not null,
      index idempotency_keys_kept_at (kept_at)
    ) engine = innodb character set utf8mb4 collate utf8mb4_bin
  `.execute(kysely);
}
