import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { CloudEvent } from '../events/index.ts';
import type { ChassisTables, Executor } from '../relational/index.ts';

/**
 * Notes, as part of the transaction of its effect, that an event is being handled.
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
 * Notes several events by one statement, the same however many they are.
 *
 * @returns tells whether an event is new, the first time that it is asked about it.
 */
export async function noteAllInInbox(
  transaction: Transaction<ChassisTables>,
  events: readonly CloudEvent[],
): Promise<(event: CloudEvent) => boolean> {
  const given = JSON.stringify(events.map(({ source, id }) => [source, id]));
  const { rows } = await sql<{ source: string; event_id: string }>`
    insert into inbox (source, event_id)
    select value ->> 0, value ->> 1 from json_each(${given}) where true
    on conflict do nothing
    returning source, event_id
  `.execute(transaction);
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
  return sql<Date>`strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ${`-${hours} hours`})`;
}
