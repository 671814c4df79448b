import { type Kysely, sql } from 'kysely';

/** What the chassis needs to publish and handle events: see docs/chassis/stores.md. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      position bigint generated always as identity primary key,
      event text not null,
      written_at timestamptz not null default now(),
      topic text,
      aggregate text
    )`.execute(kysely);
  await sql`
    create table outbox_refused (
      position bigint primary key,
      event text not null,
      reason text not null,
      refused_at timestamptz not null default now()
    )`.execute(kysely);
  await sql`
    create table inbox (
      source text,
      event_id text,
      handled_at timestamptz not null default now(),
      primary key (source, event_id)
    )`.execute(kysely);
  await sql`
    create table event_attempts (
      source text,
      event_id text,
      attempts integer not null,
      noted_at timestamptz not null default now(),
      primary key (source, event_id)
    )`.execute(kysely);
}
