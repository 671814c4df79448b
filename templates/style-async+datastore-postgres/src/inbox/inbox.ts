import { type Generated, sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { CloudEvent } from '../events/event.ts';

declare module '../database/tables.ts' {
  interface Tables {
    inbox: { source: string; event_id: string; handled_at: Generated<Date> };
  }
}

/**
 * Notes, as part of the transaction of its effect, that an event is being handled. A delivery that
 * comes while another is handling the same event waits here for that one's outcome.
 *
 * @returns whether it is new; one that is not must have no further effect.
 */
export async function noteInInbox(
  transaction: Transaction<Tables>,
  { source, id }: CloudEvent,
): Promise<boolean> {
  const noted = await transaction
    .insertInto('inbox')
    .values({ source, event_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return noted.numInsertedOrUpdatedRows === 1n;
}

/** Forgets events that were handled so long ago that no bus delivers them any more. */
export async function pruneInbox({ kysely }: Database, retentionHours: number): Promise<void> {
  const age = sql<Date>`now() - make_interval(hours => ${retentionHours})`;
  await kysely.deleteFrom('inbox').where('handled_at', '<', age).execute();
}
