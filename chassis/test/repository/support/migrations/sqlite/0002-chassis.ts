import { type Kysely, sql } from 'kysely';

/** What the migrations of services come to. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      position integer primary key autoincrement,
      event text not null,
      written_at datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      topic text,
      aggregate text
    )
  `.execute(kysely);
  await sql`
    create table outbox_refused (
      position integer primary key,
      event text not null,
      reason text not null,
      refused_at datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    )
  `.execute(kysely);
  await sql`
    create table inbox (
      source text not null,
      event_id text not null,
      handled_at datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      primary key (source, event_id)
    )
  `.execute(kysely);
  await sql`
    create table event_attempts (
      source text not null,
      event_id text not null,
      attempts integer not null,
      noted_at datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      primary key (source, event_id)
    )
  `.execute(kysely);
  await sql`
    create table idempotency_keys (
      id text primary key,
      fingerprint text not null,
      answer text not null,
      kept_at integer not null
    )
  `.execute(kysely);
}
