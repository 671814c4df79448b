import { sql, type Transaction } from 'kysely';
import type { Message } from '../events/index.ts';
import { type OutboxState, orderOf, type RelayTurn } from '../outbox/index.ts';
import {
  type ChassisTables,
  type ConnectionConfig,
  type Executor,
  type IsAmong,
  keptAwake,
  noteWritten,
  relayTurn,
} from '../relational/index.ts';

const isAmong: IsAmong = (column, values) =>
  sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`;

/** Writes events as part of a transaction. */
export async function appendToOutbox(
  transaction: Transaction<ChassisTables>,
  messages: readonly Message[],
): Promise<void> {
  const rows = messages.map((message) => {
    const { topic, body: event } = message;
    return { event, topic, aggregate: orderOf(message) };
  });
  await transaction.insertInto('outbox').values(rows).execute();
  noteWritten(transaction);
}

/**
 * Runs work as the one instance that relays, which is the one that has locked the row of `outbox_relay`.
 * The version before this one looks at the same row, so the lock cannot be one of the session.
 *
 * @returns what the work returned, or nothing when another instance relays.
 */
export function inRelayTurn<T>(
  { kysely, config }: { readonly kysely: Executor; readonly config: ConnectionConfig },
  run: (turn: RelayTurn) => Promise<T>,
): Promise<T | undefined> {
  return kysely.transaction().execute(async (transaction) => {
    const lock = transaction.selectFrom('outbox_relay').select('id').forUpdate().skipLocked();
    if ((await lock.executeTakeFirst()) === undefined) return undefined;
    const turn = relayTurn(transaction, isAmong);
    return keptAwake(transaction, config.statementTimeout, () => run(turn));
  });
}

/** What waits in the outbox, and what was set aside. */
export async function outboxState(kysely: Executor): Promise<OutboxState> {
  const query = sql<{ events: string; oldest: string | null; refused: string }>`
    select count(*) as events, timestampdiff(microsecond, min(written_at), now(6)) as oldest,
      (select count(*) from outbox_refused) as refused
    from outbox
  `;
  const { rows } = await query.execute(kysely);
  return {
    events: Number(rows[0]?.events ?? 0),
    oldest: Number(rows[0]?.oldest ?? 0) / 1_000_000,
    refused: Number(rows[0]?.refused ?? 0),
  };
}
