import { type Generated, type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { HeldBack } from './held-back.ts';
import { isAmong } from './is-among.ts';
import type { RelayTurn, WaitingEvent } from './waiting-event.ts';

declare module '../database/tables.ts' {
  interface Tables {
    /** The event is JSON, as text. The version before this one names no topic and no aggregate. */
    outbox: {
      position: Generated<string>;
      event: string;
      written_at: Generated<Date>;
      topic: string | null;
      aggregate: string | null;
    };
    /** Events that the bus will not take. */
    outbox_refused: {
      position: string;
      event: string;
      reason: string;
      refused_at: Generated<Date>;
    };
  }
}

/** How many events go out together, and how many bytes but for one that is bigger. */
const mostEvents = 500;
const mostBytes = 500_000;

/** What the instance that relays does, in its session. */
export function relayTurn(session: Kysely<Tables>): RelayTurn {
  return {
    waiting: (heldBack) => oldestEvents(session, heldBack),
    remove: (events) => remove(session, events),
    setAside: (event, reason) => setAside(session, event, reason),
  };
}

/** Of events that are too many to go out together only the sizes are read. */
async function oldestEvents(
  session: Kysely<Tables>,
  { topics, aggregates }: HeldBack,
): Promise<readonly WaitingEvent[]> {
  const oldest = await session
    .selectFrom('outbox')
    .select(['position', sql<string>`octet_length(event)`.as('bytes')])
    .$if(topics.length > 0, (query) => query.where(isFree('topic', topics)))
    .$if(aggregates.length > 0, (query) => query.where(isFree('aggregate', aggregates)))
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

function isFree(column: 'topic' | 'aggregate', held: readonly string[]) {
  return sql<boolean>`(${isAmong(column, held)}) is not true`;
}

/** Not all up to the last: meanwhile a commit may have brought in an earlier position. */
async function remove(session: Kysely<Tables>, events: readonly WaitingEvent[]): Promise<void> {
  if (events.length === 0) return;
  const positions = events.map(({ place }) => place);
  await session.deleteFrom('outbox').where(isAmong('position', positions)).execute();
}

/** Moves an event; when that breaks off, it is in both places and moved again. */
async function setAside(
  session: Kysely<Tables>,
  event: WaitingEvent,
  reason: string,
): Promise<void> {
  const { place: position, text } = event;
  await session.deleteFrom('outbox_refused').where('position', '=', position).execute();
  await session.insertInto('outbox_refused').values({ position, event: text, reason }).execute();
  await remove(session, [event]);
}
