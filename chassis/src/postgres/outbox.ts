import { sql, type Transaction } from 'kysely';
import type { Message } from '../events/index.ts';
import { type OutboxState, orderOf, type RelayTurn } from '../outbox/index.ts';
import {
  type ChassisTables,
  type Executor,
  type IsAmong,
  keptAwake,
  relayTurn,
} from '../relational/index.ts';

/** The channel on which a commit wakes the relay. */
export const outboxChannel = 'outbox';

/** How long the session of the relay may be silent before the server ends it (PostgreSQL 14 and later). */
const silenceMs = 15_000;

/** The same statement however many values there are. */
const isAmong: IsAmong = (column, values) => sql<boolean>`${sql.ref(column)} = any(${values})`;

/** Writes events as part of a transaction, and wakes the relay when that commits. */
export async function appendToOutbox(
  transaction: Transaction<ChassisTables>,
  messages: readonly Message[],
): Promise<void> {
  const [bodies, topics] = [messages.map(({ body }) => body), messages.map(({ topic }) => topic)];
  // One statement, the same however many they are; PostgreSQL joins equal notifications.
  await sql`
    with appended as (
      insert into outbox (event, topic, aggregate)
      select body, topic, aggregate
      from unnest(${bodies}::text[], ${topics}::text[], ${messages.map(orderOf)}::text[])
        with ordinality as given (body, topic, aggregate, place)
      order by place
    )
    select pg_notify(${outboxChannel}, '')
  `.execute(transaction);
}

/**
 * Runs work as the one instance that relays. The lock is the session's, so that no transaction is open
 * while the bus is waited for; the version before this one asks for the same. It ends with the session.
 *
 * @returns what the work returned, or nothing when another instance relays.
 */
export function inRelayTurn<T>(
  { kysely }: { readonly kysely: Executor },
  run: (turn: RelayTurn) => Promise<T>,
): Promise<T | undefined> {
  return kysely.connection().execute(async (session) => {
    const { rows } = await sql<{ held: boolean; idle: string | null }>`
      with lock as materialized (
        select pg_try_advisory_lock(hashtext('outbox')) as held,
          current_setting('idle_session_timeout', true) as idle
      )
      select held, idle, case when held and idle is not null
        then set_config('idle_session_timeout', ${`${silenceMs}`}, false) end
      from lock
    `.execute(session);
    const [lock] = rows;
    if (lock?.held !== true) return undefined;
    try {
      return await keptAwake(session, silenceMs, () => run(relayTurn(session, isAmong)));
    } finally {
      await sql`
        select pg_advisory_unlock(hashtext('outbox')), case when ${lock.idle}::text is not null
          then set_config('idle_session_timeout', ${lock.idle}, false) end
      `.execute(session);
    }
  });
}

/** What waits in the outbox, and what was set aside. */
export async function outboxState(kysely: Executor): Promise<OutboxState> {
  const query = sql<OutboxState>`
    select count(*)::int as events,
      coalesce(extract(epoch from now() - min(written_at)), 0)::float8 as oldest,
      (select count(*)::int from outbox_refused) as refused
    from outbox
  `;
  const { rows } = await query.execute(kysely);
  return rows[0] ?? { events: 0, oldest: 0, refused: 0 };
}
