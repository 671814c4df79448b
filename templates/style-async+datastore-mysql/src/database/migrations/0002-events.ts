import { type Kysely, sql } from 'kysely';

/**
 * Events to publish, and those that the bus refused; events that were handled, and attempts at them. Each
 * statement can be repeated, since MySQL cannot undo the ones before it when one fails. Events are
 * text: the type JSON refuses some that are JSON (half a surrogate pair, 101 levels), and MySQL writes them anew.
 */
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
    create table if not exists outbox_refused (
      position bigint primary key,
      event longtext not null,
      reason text not null,
      refused_at datetime(6) not null default current_timestamp(6)
    ) engine = innodb character set utf8mb4 collate utf8mb4_bin
  `.execute(kysely);
  // Whoever holds its only row relays.
  await sql`
    create table if not exists outbox_relay (id tinyint primary key) engine = innodb
  `.execute(kysely);
  await sql`
    insert into outbox_relay (id) values (1) on duplicate key update id = 1
  `.execute(kysely);
  // Names of events are compared byte by byte: every collation takes some different texts for equal.
  await sql`
    create table if not exists inbox (
      source varbinary(1000) not null,
      event_id varbinary(1000) not null,
      handled_at datetime(6) not null default current_timestamp(6),
      primary key (source, event_id),
      index inbox_handled_at (handled_at)
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
}
