import { type Kysely, sql } from 'kysely';

/** What the migrations of services come to. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      position bigint generated always as identity primary key,
      event text not null,
      written_at timestamptz not null default now(),
      topic text,
      aggregate text
    )
  `.execute(kysely);
  await sql`
    create table outbox_refused (
      position bigint primary key,
      event text not null,
      reason text not null,
      refused_at timestamptz not null default now()
    )
  `.execute(kysely);
  await sql`
    create table inbox (
      source text not null,
      event_id text not null,
      handled_at timestamptz not null default now(),
      primary key (source, event_id)
    )
  `.execute(kysely);
  await sql`
    create table event_attempts (
      source text not null,
      event_id text not null,
      attempts integer not null,
      noted_at timestamptz not null default now(),
      primary key (source, event_id)
    )
  `.execute(kysely);
  await sql`
    create table idempotency_keys (
      id varchar(255) primary key,
      fingerprint varchar(64) not null,
      answer text not null,
      kept_at bigint not null
    )
  `.execute(kysely);
}
