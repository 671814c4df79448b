import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { CloudEvent } from '../events/index.ts';
import { type ChassisTables, newAmong } from '../relational/index.ts';

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
  return newAmong(rows);
}

export function hoursAgo(hours: number): RawBuilder<Date> {
  return sql<Date>`strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ${`-${hours} hours`})`;
}
