import { setTimeout as delay } from 'node:timers/promises';
import type {
  OutboxState,
  OutboxStore,
  RefusedEvent,
  RelayTurn,
  WakeUps,
} from '../outbox/index.ts';
import type { ClientOptions } from './client.ts';
import { Connection } from './connection.ts';
import type { StoredDocument } from './document.ts';
import type { Collections } from './inbox.ts';
import type { Lease } from './lease.ts';
import { dropRefused, refusedEvents, refusedOf, retryRefused } from './refused.ts';
import { isWaiting, relayTurn } from './relay-turn.ts';
import { WakeUps as DocumentWakeUps, type Writer } from './wake-ups.ts';

const pausesMs = [50, 150, 400];

const nothingWaits: RelayTurn = {
  waiting: async () => [],
  remove: async () => undefined,
  setAside: async () => undefined,
};

/** Where the outbox lies: in the documents of the aggregates. */
interface OutboxPlace extends Collections {
  lease(name: string): Lease;
}

/** The outbox that lies in the documents of the aggregates. */
export class DocumentOutbox implements OutboxStore {
  readonly #database: OutboxPlace;
  readonly #writers: readonly Writer[];

  /** @param writers the databases of this instance that write events. */
  constructor(database: OutboxPlace, writers: readonly Writer[] = []) {
    this.#database = database;
    this.#writers = writers;
  }

  async inRelayTurn<T>(run: (turn: RelayTurn) => Promise<T>): Promise<T | undefined> {
    const database = this.#database;
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
  async state(): Promise<OutboxState> {
    const { aggregates } = this.#database;
    const refused = await refusedOf(this.#database).countDocuments();
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

  wakeUps(wake: () => void): WakeUps {
    return new DocumentWakeUps(this.#database, this.#writers, wake);
  }

  refused(): Promise<readonly RefusedEvent[]> {
    return refusedEvents(this.#database);
  }

  retry(event: RefusedEvent): Promise<void> {
    return retryRefused(this.#database, event);
  }

  drop(event: RefusedEvent): Promise<void> {
    return dropRefused(this.#database, event);
  }
}

/** Runs work on the outbox of a service that need not run: for its operators' command. */
export async function withOutbox<T>(
  { collection, ...options }: ClientOptions & { readonly collection: string },
  run: (outbox: OutboxStore) => Promise<T>,
): Promise<T> {
  const connection = new Connection(options);
  const { db } = connection;
  const aggregates = db.collection<StoredDocument>(collection);
  const lease = (name: string): Lease => connection.lease(name);
  try {
    return await run(new DocumentOutbox({ db, aggregates, lease }));
  } finally {
    await connection.close();
  }
}
