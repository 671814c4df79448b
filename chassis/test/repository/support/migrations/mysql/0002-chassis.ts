import { type Kysely, sql } from 'kysely';

/** What the migrations of services come to. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists outbox (
      position bigint auto_increment primary key,
      event longtext not null,
      written_at datetime(6) not null default current_timestamp(6),
      topic text,
      aggregate text
    ) engine = innodb character set utf8mb4 collate utf8mb4_bin
  `.execute(kysely);
  await sql`
    create table if not exists outbox_relay (id tinyint primary key) engine = innodb
  `.execute(kysely);
  await sql`insert into outbox_relay (id) values (1) on duplicate key update id = 1`.execute(
    kysely,
  );
  await sql`
    create table if not exists outbox_refused (
      position bigint primary key,
      event longtext not null,
      reason text not null,
      refused_at datetime(6) not null default current_timestamp(6)
    ) engine = innodb character set utf8mb4 collate utf8mb4_bin
  `.execute(kysely);
  await sql`
    create table if not exists inbox (
      source varbinary(1000) not null,
      event_id varbinary(1000) not null,
      handled_at datetime(6) not null default current_timestamp(6),
      primary key (source, event_id)
    ) engine = innodb
  `.execute(kysely);
  await sql`
    create table if not exists event_attempts (
      source varbinary(1000) not null,
      event_id varbinary(1000) not null,
      attempts int not null,
      noted_at datetime(6) not null default current_timestamp(6),
      primary key (source, event_id)
    ) engine = innodb
  `.execute(kysely);
  await sql`
    create table if not exists idempotency_keys (
      id varchar(255) character set ascii collate ascii_bin primary key,
      fingerprint varchar(64) character set ascii not null,
      answer mediumtext not null,
      kept_at bigint not null
    ) engine = innodb character set utf8mb4 collate utf8mb4_bin
  `.execute(kysely);
}
