import { type Generated, type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { CloudEvent } from '../events/event.ts';

declare module '../database/tables.ts' {
  interface Tables {
    outbox: { position: Generated<string>; event: CloudEvent; written_at: Generated<Date> };
  }
}

/** The channel on which a commit wakes the relay. */
export const outboxChannel = 'outbox';

const batchSize = 100;

/** Writes an event as part of a transaction, and wakes the relay when that commits. */
export async function appendToOutbox(
  transaction: Transaction<Tables>,
  event: CloudEvent,
): Promise<void> {
  const value = sql<CloudEvent>`${JSON.stringify(event)}::jsonb`;
  await transaction.insertInto('outbox').values({ event: value }).execute();
  await sql`select pg_notify(${outboxChannel}, '')`.execute(transaction);
}

/**
 * Publishes the oldest events and removes them. One instance at a time does so, under a lock that
 * ends with its transaction, so that the order of events is kept. A crash after publishing publishes
 * again: consumers tell by the event's id.
 *
 * @returns how many were published.
 */
export function relayBatch(
  kysely: Kysely<Tables>,
  publish: (events: readonly CloudEvent[]) => Promise<void>,
): Promise<number> {
  return kysely.transaction().execute(async (transaction) => {
    const lock = sql<{
      held: boolean;
    }>`select pg_try_advisory_xact_lock(hashtext('outbox')) as held`;
    const { rows } = await lock.execute(transaction);
    if (rows[0]?.held !== true) return 0;
    const batch = await transaction
      .selectFrom('outbox')
      .select(['position', 'event'])
      .orderBy('position')
      .limit(batchSize)
      .execute();
    if (batch.length === 0) return 0;
    await publish(batch.map(({ event }) => event));
    const positions = batch.map(({ position }) => position);
    await transaction.deleteFrom('outbox').where('position', 'in', positions).execute();
    return batch.length;
  });
}
