import { setTimeout as delay } from 'node:timers/promises';
import type { AnyBulkWriteOperation, WithId } from 'mongodb';
import type { Database } from '../database/database.ts';
import type { AggregateDocument } from '../database/document.ts';

declare module '../database/document.ts' {
  interface AggregateDocument {
    /** Events that are not yet published, as text and in their order, and since when there are any. */
    readonly outbox?: { readonly since: Date; readonly events: readonly string[] };
  }
}

type Operation = AnyBulkWriteOperation<AggregateDocument>;

/** How much is relayed at once: so many documents and, but for one that is bigger, characters. */
const mostDocuments = 50;
const mostCharacters = 500_000;
const pausesMs = [50, 150, 400];

/**
 * Publishes events out of the documents that have waited longest, and takes them out. One instance at
 * a time does so, under a lease, so that the order of an aggregate's events is kept. A crash after
 * publishing publishes again: consumers tell by the event's id.
 *
 * @returns how many were published.
 */
export async function relayBatch(
  database: Database,
  publish: (events: readonly string[]) => Promise<void>,
): Promise<number> {
  for (const pause of pausesMs) {
    if ((await waiting(database, 1)).length === 0) return 0;
    const published = await database.lease('outbox').tryWith(async (assertHeld) => {
      const documents = await waiting(database, mostDocuments);
      const texts = documents.flatMap(({ outbox }) => outbox?.events ?? []);
      if (texts.length === 0) return 0;
      assertHeld();
      await publish(texts);
      await clear(database, documents);
      return texts.length;
    });
    if (published !== undefined) return published;
    // The instance that holds the lease may have looked before this one's event was written.
    await delay(pause);
  }
  return 0;
}

async function waiting(database: Database, limit: number): Promise<WithId<AggregateDocument>[]> {
  const isWaiting = { 'outbox.since': { $gt: new Date(0) } };
  const projection = { outbox: 1, 'aggregate.id': 1 };
  const found = database.aggregates
    .find(isWaiting, { projection })
    .sort({ 'outbox.since': 1 })
    .limit(limit);
  const documents: WithId<AggregateDocument>[] = [];
  let characters = 0;
  for await (const document of found) {
    for (const text of document.outbox?.events ?? []) characters += text.length;
    if (characters > mostCharacters && documents.length > 0) break;
    documents.push(document);
  }
  return documents;
}

/** Takes published events out of their documents; others may have come in the meantime. */
async function clear(
  { aggregates }: Database,
  documents: readonly WithId<AggregateDocument>[],
): Promise<void> {
  const unchanged = documents.map(({ _id, outbox, aggregate }) => ({
    filter: { _id, 'outbox.events': outbox?.events ?? [] },
    isAggregate: aggregate !== undefined,
  }));
  const isEmpty = { aggregate: { $exists: false }, inbox: { $exists: false } };
  const emptied: Operation[] = [
    // First, so that no document without anything in it is left behind.
    ...unchanged
      .filter(({ isAggregate }) => !isAggregate)
      .map(({ filter }): Operation => ({ deleteOne: { filter: { ...filter, ...isEmpty } } })),
    ...unchanged.map(
      ({ filter }): Operation => ({
        updateOne: { filter, update: { $unset: { outbox: '' } } },
      }),
    ),
  ];
  const { deletedCount, matchedCount } = await aggregates.bulkWrite(emptied);
  // One that was deleted since it was read has nothing left in it.
  const read = unchanged.map(({ filter }) => filter._id);
  await aggregates.deleteMany({ _id: { $in: read }, outbox: { $exists: false }, ...isEmpty });
  if (deletedCount + matchedCount === documents.length) return;
  const lessened = documents.flatMap(({ _id, outbox }): Operation[] => {
    const [first] = outbox?.events ?? [];
    if (first === undefined) return [];
    const filter = { _id, 'outbox.events': first };
    const taken = { 'outbox.events': outbox?.events ?? [] };
    const update = { $pullAll: taken, $set: { 'outbox.since': new Date() } };
    return [{ updateOne: { filter, update } }];
  });
  await aggregates.bulkWrite(lessened, { ordered: false });
}

/** How many events wait, and how long the oldest has, in seconds. */
export async function outboxState(database: Database): Promise<{ events: number; oldest: number }> {
  const [first] = await waiting(database, 1);
  if (first?.outbox === undefined) return { events: 0, oldest: 0 };
  const counted = await database.aggregates
    .aggregate<{ events: number }>([
      { $match: { 'outbox.since': { $gt: new Date(0) } } },
      { $project: { 'outbox.events': 1 } },
      { $unwind: '$outbox.events' },
      { $count: 'events' },
    ])
    .toArray();
  const oldest = Math.max(0, Date.now() - first.outbox.since.getTime()) / 1000;
  return { events: counted[0]?.events ?? 0, oldest };
}
