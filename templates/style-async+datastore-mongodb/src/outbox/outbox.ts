import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { isWaiting, relayTurn } from './documents.ts';
import { refusedOf } from './refused.ts';
import type { OutboxState, RelayTurn } from './waiting-event.ts';

const pausesMs = [50, 150, 400];

const nothingWaits: RelayTurn = {
  waiting: async () => [],
  remove: async () => undefined,
  setAside: async () => undefined,
};

/**
 * Runs work as the one instance that relays, which is the one that has the lease.
 *
 * @returns what the work returned, or nothing when another instance relays.
 */
export async function inRelayTurn<T>(
  database: Database,
  run: (turn: RelayTurn) => Promise<T>,
): Promise<T | undefined> {
  for (const pause of pausesMs) {
    // Without a lease, which costs two writes.
    const first = await database.aggregates.findOne(isWaiting, { projection: { _id: 1 } });
    if (first === null) return run(nothingWaits);
    const done = await database
      .lease('outbox')
      .tryWith(async (assertHeld) => ({ result: await run(relayTurn(database, assertHeld)) }));
    if (done !== undefined) return done.result;
    // The instance that holds the lease may have looked before this one's event was written.
    await delay(pause);
  }
  return undefined;
}

/** What waits in documents, and what was set aside. */
export async function outboxState(database: Database): Promise<OutboxState> {
  const { aggregates } = database;
  const refused = await refusedOf(database).countDocuments();
  const first = await aggregates.findOne(isWaiting, {
    projection: { 'outbox.since': 1 },
    sort: { 'outbox.since': 1 },
  });
  if (first?.outbox === undefined) return { events: 0, oldest: 0, refused };
  const counted = await aggregates
    .aggregate<{ events: number }>([
      { $match: isWaiting },
      { $project: { 'outbox.events': 1 } },
      { $unwind: '$outbox.events' },
      { $count: 'events' },
    ])
    .toArray();
  const oldest = Math.max(0, Date.now() - first.outbox.since.getTime()) / 1000;
  return { events: counted[0]?.events ?? 0, oldest, refused };
}
