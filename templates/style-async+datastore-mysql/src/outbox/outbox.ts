import { type Generated, sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { CloudEvent } from '../events/event.ts';
import { firstBatch, mostEvents } from './batch.ts';

declare module '../database/tables.ts' {
  interface Tables {
    /** The event is JSON, as text. */
    outbox: { position: Generated<string>; event: string; written_at: Generated<Date> };
    outbox_relay: { id: number };
  }
}

const writers = new WeakSet<Transaction<Tables>>();

/** Writes an event as part of a transaction. */
export async function appendToOutbox(
  transaction: Transaction<Tables>,
  event: CloudEvent,
): Promise<void> {
  await transaction
    .insertInto('outbox')
    .values({ event: JSON.stringify(event) })
    .execute();
  writers.add(transaction);
}

/** Whether a transaction of this process has written to the outbox. */
export function hasWritten(transaction: Transaction<Tables>): boolean {
  return writers.has(transaction);
}

/**
 * Publishes the oldest events and removes them. One instance at a time does so, the one that has locked
 * the row of `outbox_relay`, so that the order of events is kept. A crash after publishing publishes
 * again: consumers tell by the event's id.
 *
 * @returns how many were published.
 */
export function relayBatch(
  database: Database,
  publish: (events: readonly string[]) => Promise<void>,
): Promise<number> {
  return database.inTransaction(async (transaction) => {
    const lock = transaction.selectFrom('outbox_relay').select('id').forUpdate().skipLocked();
    if ((await lock.executeTakeFirst()) === undefined) return 0;
    const oldest = await transaction
      .selectFrom('outbox')
      .select(['position', 'event'])
      .orderBy('position')
      .limit(mostEvents)
      .execute();
    if (oldest.length === 0) return 0;
    const batch = firstBatch(oldest);
    await publish(batch.map(({ event }) => event));
    const positions = batch.map(({ position }) => position);
    await transaction.deleteFrom('outbox').where('position', 'in', positions).execute();
    return batch.length;
  });
}

/** How many events wait, and how long the oldest has, in seconds. */
export async function outboxState({
  kysely,
}: Database): Promise<{ events: number; oldest: number }> {
  const query = sql<{ events: string; oldest: string | null }>`
    select count(*) as events, timestampdiff(microsecond, min(written_at), now(6)) as oldest
    from outbox
  `;
  const { rows } = await query.execute(kysely);
  return { events: Number(rows[0]?.events ?? 0), oldest: Number(rows[0]?.oldest ?? 0) / 1_000_000 };
}
