import { type Generated, sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { CloudEvent } from '../events/event.ts';
import { firstBatch, mostEvents } from './batch.ts';

declare module '../database/tables.ts' {
  interface Tables {
    /** The event is JSON, as text. */
    outbox: { position: Generated<string>; event: string; written_at: Generated<Date> };
  }
}

/** The channel on which a commit wakes the relay. */
export const outboxChannel = 'outbox';

/** Writes an event as part of a transaction, and wakes the relay when that commits. */
export async function appendToOutbox(
  transaction: Transaction<Tables>,
  event: CloudEvent,
): Promise<void> {
  // One statement, so that publishing costs one round trip; PostgreSQL joins equal notifications.
  const value = JSON.stringify(event);
  await sql`
    with appended as (insert into outbox (event) values (${value}))
    select pg_notify(${outboxChannel}, '')
  `.execute(transaction);
}

/**
 * Publishes the oldest events and removes them. One instance at a time does so, under a lock that
 * ends with its transaction, so that the order of events is kept. A crash after publishing publishes
 * again: consumers tell by the event's id.
 *
 * @returns how many were published.
 */
export function relayBatch(
  database: Database,
  publish: (events: readonly string[]) => Promise<void>,
): Promise<number> {
  return database.inTransaction(async (transaction) => {
    const lock = sql<{
      held: boolean;
    }>`select pg_try_advisory_xact_lock(hashtext('outbox')) as held`;
    const { rows } = await lock.execute(transaction);
    if (rows[0]?.held !== true) return 0;
    const oldest = await transaction
      .selectFrom('outbox')
      .select(['position', 'event'])
      .orderBy('position')
      .limit(mostEvents)
      .execute();
    if (oldest.length === 0) return 0;
    const batch = firstBatch(oldest);
    await publish(batch.map(({ event }) => event));
    // Not all up to the last: meanwhile a commit may have brought in an earlier position.
    const positions = batch.map(({ position }) => position);
    await sql`delete from outbox where position = any(${positions}::bigint[])`.execute(transaction);
    return batch.length;
  });
}

/** How many events wait, and how long the oldest has, in seconds. */
export async function outboxState({
  kysely,
}: Database): Promise<{ events: number; oldest: number }> {
  const query = sql<{ events: number; oldest: number }>`
    select count(*)::int as events,
      coalesce(extract(epoch from now() - min(written_at)), 0)::float8 as oldest
    from outbox
  `;
  const { rows } = await query.execute(kysely);
  return rows[0] ?? { events: 0, oldest: 0 };
}
