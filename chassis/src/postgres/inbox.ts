import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { CloudEvent } from '../events/index.ts';
import { type ChassisTables, newAmong } from '../relational/index.ts';

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
  return newAmong(rows);
}

export function hoursAgo(hours: number): RawBuilder<Date> {
  return sql<Date>`now() - make_interval(hours => ${hours})`;
}
