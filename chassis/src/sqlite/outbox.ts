import { sql, type Transaction } from 'kysely';
import type { Message } from '../events/index.ts';
import { type OutboxState, orderOf, type RelayTurn } from '../outbox/index.ts';
import {
  type ChassisTables,
  type Executor,
  type IsAmong,
  noteWritten,
  relayTurn,
} from '../relational/index.ts';
import type { RelayLock } from './relay-lock.ts';

const isAmong: IsAmong = (column, values) =>
  sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`;

/** Writes events as part of a transaction, by one statement, the same however many they are. */
export async function appendToOutbox(
  transaction: Transaction<ChassisTables>,
  messages: readonly Message[],
): Promise<void> {
  const rows = messages.map((message) => [message.body, message.topic, orderOf(message)]);
  await sql`
    insert into outbox (event, topic, aggregate)
    select value ->> 0, value ->> 1, value ->> 2 from json_each(${JSON.stringify(rows)}) order by key
  `.execute(transaction);
  noteWritten(transaction);
}

/**
 * Runs work as the one process that relays. No transaction is open while the bus is waited for.
 *
 * @returns what the work returned, or nothing when another process relays.
 */
export async function inRelayTurn<T>(
  kysely: Executor,
  lock: RelayLock,
  run: (turn: RelayTurn) => Promise<T>,
): Promise<T | undefined> {
  const leave = lock.tryTake();
  if (leave === undefined) return undefined;
  try {
    return await run(relayTurn(kysely, isAmong));
  } finally {
    leave();
  }
}

/** What waits in the outbox, and what was set aside. */
export async function outboxState(kysely: Executor): Promise<OutboxState> {
  const query = sql<OutboxState>`
    select count(*) as events,
      coalesce(unixepoch('now', 'subsec') - unixepoch(min(written_at), 'subsec'), 0) as oldest,
      (select count(*) from outbox_refused) as refused
    from outbox
  `;
  const { rows } = await query.execute(kysely);
  return rows[0] ?? { events: 0, oldest: 0, refused: 0 };
}
