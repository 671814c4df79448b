import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { CloudEvent } from '../events/index.ts';
import type { ChassisTables, Executor } from '../relational/index.ts';

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
  const noted = await transaction
    .insertInto('inbox')
    .values({ source, event_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return noted.numInsertedOrUpdatedRows === 1n;
}

/**
 * Notes several events at once, as `noteInInbox` does.
 *
 * @returns tells whether an event is new, the first time that it is asked about it.
 */
export async function noteAllInInbox(
  transaction: Transaction<ChassisTables>,
  events: readonly CloudEvent[],
): Promise<(event: CloudEvent) => boolean> {
  const [sources, ids] = [events.map(({ source }) => source), events.map(({ id }) => id)];
  // In one order everywhere, so that two that note the same events wait, but not for each other.
  const { rows } = await sql<{ source: string; event_id: string }>`
    insert into inbox (source, event_id)
    select * from unnest(${sources}::text[], ${ids}::text[]) order by 1, 2
    on conflict do nothing
    returning source, event_id
  `.execute(transaction);
  if (rows.length === events.length) return () => true;
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

export function hoursAgo(hours: number): RawBuilder<Date> {
  return sql<Date>`now() - make_interval(hours => ${hours})`;
}
