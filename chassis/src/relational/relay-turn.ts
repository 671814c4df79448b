import { sql } from 'kysely';
import type { HeldBack, RelayTurn, WaitingEvent } from '../outbox/index.ts';
import type { Executor, IsAmong } from './dialect.ts';

/** How many events go out together, and how many bytes but for one that is bigger. */
const mostEvents = 500;
const mostBytes = 500_000;

/** What the instance that relays does, in its session. */
export function relayTurn(session: Executor, isAmong: IsAmong): RelayTurn {
  return {
    waiting: (heldBack) => oldestEvents(session, isAmong, heldBack),
    remove: (events) => remove(session, isAmong, events),
    setAside: (event, reason) => setAside(session, isAmong, event, reason),
  };
}

/** Of events that are too many to go out together only the sizes are read. */
async function oldestEvents(
  session: Executor,
  isAmong: IsAmong,
  { topics, aggregates }: HeldBack,
): Promise<readonly WaitingEvent[]> {
  const oldest = await session
    .selectFrom('outbox')
    .select(['position', sql<string>`octet_length(event)`.as('bytes')])
    .$if(topics.length > 0, (query) => query.where(isFree(isAmong, 'topic', topics)))
    .$if(aggregates.length > 0, (query) => query.where(isFree(isAmong, 'aggregate', aggregates)))
    .orderBy('position')
    .limit(mostEvents)
    .execute();
  let left = mostBytes;
  const tooMany = oldest.findIndex(({ bytes }, index) => {
    left -= Number(bytes);
    return left < 0 && index > 0;
  });
  const batch = oldest.slice(0, tooMany === -1 ? oldest.length : tooMany);
  if (batch.length === 0) return [];
  const positions = batch.map(({ position }) => position);
  return session
    .selectFrom('outbox')
    .select(['position as place', 'event as text'])
    .where(isAmong('position', positions))
    .orderBy('position')
    .execute();
}

function isFree(isAmong: IsAmong, column: 'topic' | 'aggregate', held: readonly string[]) {
  return sql<boolean>`(${isAmong(column, held)}) is not true`;
}

/** Not all up to the last: meanwhile a commit may have brought in an earlier position. */
async function remove(
  session: Executor,
  isAmong: IsAmong,
  events: readonly WaitingEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const positions = events.map(({ place }) => place);
  await session.deleteFrom('outbox').where(isAmong('position', positions)).execute();
}

/** Moves an event; when that breaks off, it is in both places and moved again. */
async function setAside(
  session: Executor,
  isAmong: IsAmong,
  event: WaitingEvent,
  reason: string,
): Promise<void> {
  const { place: position, text } = event;
  await session.deleteFrom('outbox_refused').where('position', '=', position).execute();
  await session.insertInto('outbox_refused').values({ position, event: text, reason }).execute();
  await remove(session, isAmong, [event]);
}
