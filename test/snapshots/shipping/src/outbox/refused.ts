import { messageOf } from 'service-chassis/events';
import type { Database } from '../database/database.ts';
import { appendToOutbox } from './outbox.ts';
import type { RefusedEvent } from './waiting-event.ts';

/** The events that were set aside, oldest first. */
export function refusedEvents({ kysely }: Database): Promise<readonly RefusedEvent[]> {
  return kysely
    .selectFrom('outbox_refused')
    .select(['position as place', 'event as text', 'reason', 'refused_at as refusedAt'])
    .orderBy('position')
    .execute();
}

/** Has an event that was set aside published after all, behind those that wait. */
export async function retryRefused(
  database: Database,
  { place, text }: RefusedEvent,
): Promise<void> {
  await database.inTransaction(async (transaction) => {
    await transaction.deleteFrom('outbox_refused').where('position', '=', place).execute();
    await appendToOutbox(transaction, messageOf(JSON.parse(text), text));
  });
}

/** Forgets an event that was set aside. */
export async function dropRefused({ kysely }: Database, { place }: RefusedEvent): Promise<void> {
  await kysely.deleteFrom('outbox_refused').where('position', '=', place).execute();
}
