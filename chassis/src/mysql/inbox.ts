import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { CloudEvent } from '../events/index.ts';
import type { ChassisTables, Executor } from '../relational/index.ts';
import { DatabaseError } from '../store/index.ts';

/** The error of a second row with the same key; it leaves the transaction as it was. */
const duplicateEntry = 1062;

/**
 * Notes, as part of the transaction of its effect, that an event is being handled. A delivery that
 * comes while another is handling the same event waits here for that one's outcome.
 *
 * @returns whether it is new; one that is not must have no further effect.
 */
export async function noteInInbox(
  transaction: Transaction<ChassisTables>,
  { source, id }: CloudEvent,
): Promise<boolean> {
  try {
    await transaction.insertInto('inbox').values({ source, event_id: id }).execute();
    return true;
  } catch (error) {
    // Not INSERT IGNORE, which also cuts off what is too long.
    if (isDuplicate(error)) return false;
    throw error;
  }
}

function isDuplicate(error: unknown): boolean {
  const cause = error instanceof DatabaseError ? error.cause : undefined;
  return cause instanceof Error && 'errno' in cause && cause.errno === duplicateEntry;
}

/**
 * Notes several events, as `noteInInbox` does: one by one, as MySQL does not say which of several rows
 * were there already.
 *
 * @returns tells whether an event is new.
 */
export async function noteAllInInbox(
  transaction: Transaction<ChassisTables>,
  events: readonly CloudEvent[],
): Promise<(event: CloudEvent) => boolean> {
  const fresh = new Set<CloudEvent>();
  // In one order everywhere, so that two that note the same events wait, but not for each other.
  const nameOf = ({ source, id }: CloudEvent): string => JSON.stringify([source, id]);
  for (const event of events.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)))
    if (await noteInInbox(transaction, event)) fresh.add(event);
  return (event) => fresh.has(event);
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
    .onDuplicateKeyUpdate({ attempts })
    .execute();
}

export function hoursAgo(hours: number): RawBuilder<Date> {
  return sql<Date>`now(6) - interval ${hours} hour`;
}
