import type { AnyBulkWriteOperation, WithId } from 'mongodb';
import type { HeldBack, RelayTurn, WaitingEvent } from '../outbox/index.ts';
import type { StoredDocument } from './document.ts';
import type { Collections } from './inbox.ts';
import { keepRefused } from './refused.ts';

type Operation = AnyBulkWriteOperation<StoredDocument>;

/** Documents as they were read, but for the events that were taken out of them since. */
type Read = Map<string, WithId<StoredDocument>>;

/** What documents with events that wait have. */
export const isWaiting = { 'outbox.since': { $gt: new Date(0) } };

/** How much is relayed at once: so many documents and, but for one that is bigger, bytes. */
const mostDocuments = 50;
const mostBytes = 500_000;

/** What the instance that relays does. @param assertHeld throws when it is no longer the one. */
export function relayTurn(database: Collections, assertHeld: () => void): RelayTurn {
  const read: Read = new Map();
  return {
    async waiting(heldBack) {
      const events = await waiting(database, heldBack, read);
      assertHeld();
      return events;
    },
    remove: (events) => remove(database, events, read),
    async setAside(event, reason) {
      await keepRefused(database, event, reason);
      await remove(database, [event], read);
    },
  };
}

/** The events of the documents that have waited longest. */
async function waiting(
  { aggregates }: Collections,
  heldBack: HeldBack,
  read: Read,
): Promise<WaitingEvent[]> {
  const isFree = (text: string): boolean => !heldBack.holds(text);
  const projection = { outbox: 1, 'aggregate.id': 1 };
  const found = aggregates.find(isWaiting, { projection }).sort({ 'outbox.since': 1 });
  const events: WaitingEvent[] = [];
  let bytes = 0;
  for await (const document of found) {
    const free = (document.outbox?.events ?? []).filter(isFree);
    for (const text of free) bytes += Buffer.byteLength(text);
    if (read.size === mostDocuments || (bytes > mostBytes && read.size > 0)) break;
    if (free.length === 0) continue;
    read.set(document._id, document);
    events.push(...free.map((text) => ({ place: document._id, text })));
  }
  return events;
}

async function remove(
  database: Collections,
  events: readonly WaitingEvent[],
  read: Read,
): Promise<void> {
  const emptied: WithId<StoredDocument>[] = [];
  const lessened: Operation[] = [];
  for (const [_id, gone] of Map.groupBy(events, ({ place }) => place)) {
    const document = read.get(_id);
    if (document?.outbox === undefined) continue;
    const texts = gone.map(({ text }) => text);
    const left = document.outbox.events.filter((text) => !texts.includes(text));
    if (left.length === 0) emptied.push(document);
    else lessened.push({ updateOne: { filter: { _id }, update: withoutEvents(texts) } });
    read.set(_id, { ...document, outbox: { ...document.outbox, events: left } });
  }
  if (lessened.length > 0) await database.aggregates.bulkWrite(lessened, { ordered: false });
  if (emptied.length > 0) await clear(database, emptied);
}

function withoutEvents(texts: readonly string[]) {
  return { $pullAll: { 'outbox.events': texts } };
}

/** Takes published events out of their documents; others may have come in the meantime. */
async function clear(
  { aggregates }: Collections,
  documents: readonly WithId<StoredDocument>[],
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
    const update = { ...withoutEvents(outbox?.events ?? []), $set: { 'outbox.since': new Date() } };
    return [{ updateOne: { filter, update } }];
  });
  await aggregates.bulkWrite(lessened, { ordered: false });
}
