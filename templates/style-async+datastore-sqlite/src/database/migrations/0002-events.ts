import { type Kysely, sql } from 'kysely';

const now = sql`(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`;

/** Events to publish, and those that the bus refused; events that were handled, and attempts at them. */
export async function up(kysely: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      position integer primary key autoincrement,
      event text not null,
      written_at datetime not null default ${now},
      topic text,
      aggregate text
    )
  `.execute(kysely);
  await sql`
    create table outbox_refused (
      position integer primary key,
      event text not null,
      reason text not null,
      refused_at datetime not null default ${now}
    )
  `.execute(kysely);
  await sql`
    create table inbox (
      source text not null,
      event_id text not null,
      handled_at datetime not null default ${now},
      primary key (source, event_id)
    )
  `.execute(kysely);
  await kysely.schema.createIndex('inbox_handled_at').on('inbox').column('handled_at').execute();
  await sql`
    create table event_attempts (
      source text not null,
      event_id text not null,
      attempts integer not null,
      noted_at datetime not null default ${now},
      primary key (source, event_id)
    )
  `.execute(kysely);
}
