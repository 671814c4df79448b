import type { Transaction } from 'kysely';
import type { CloudEvent } from '../events/index.ts';
import type { Executor } from './dialect.ts';
import type { ChassisTables } from './tables.ts';

/**
 * Notes, as part of the transaction of its effect, that an event is being handled: for databases that know
 * `on conflict`. Where transactions run side by side, a delivery that comes while another is handling the
 * same event waits here for that one's outcome.
 *
 * @returns whether it is new; one that is not must have no further effect.
 */
export async function noteInInbox(
  transaction: Transaction<ChassisTables>,
  { source, id }: CloudEvent,
): Promise<boolean> {
  const noted = await transaction
    .insertInto('inbox')
    .values({ source, event_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return noted.numInsertedOrUpdatedRows === 1n;
}

/** What tells, of events that were noted, whether one is new: the first time that it is asked about it. */
export function newAmong(
  rows: readonly { readonly source: string; readonly event_id: string }[],
): (event: CloudEvent) => boolean {
  const nameOf = (source: string, id: string): string => JSON.stringify([source, id]);
  const noted = new Set(rows.map((row) => nameOf(row.source, row.event_id)));
  return ({ source, id }) => noted.delete(nameOf(source, id));
}

/** Notes how often an event was handled alone, in a transaction of its own. */
export async function noteAttempts(
  kysely: Executor,
  { source, id }: CloudEvent,
  attempts: number,
): Promise<void> {
  await kysely
    .insertInto('event_attempts')
    .values({ source, event_id: id, attempts })
    .onConflict((row) => row.columns(['source', 'event_id']).doUpdateSet({ attempts }))
    .execute();
}
