import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb';
import type { CloudEvent } from '../events/index.ts';
import type { StoredDocument } from './document.ts';
import { isDuplicateKey } from './lease.ts';

/** Where aggregates are, and what is kept beside them. */
export interface Collections {
  readonly db: Db;
  readonly aggregates: Collection<StoredDocument>;
}

/** A document of the collection `inbox`: an event that was handled. */
interface HandledEvent {
  readonly _id: string;
  readonly handledAt: Date;
}

/** Longer than one attempt at handling an event may take: until then its document itself must tell. */
const keptInDocumentMs = 2 * 3_600_000;

/** What an event is known by: publishers give out ids each for themselves. */
export function inboxKey({ source, id }: CloudEvent): string {
  return JSON.stringify([source, id]);
}

/** Whether an event had its effect, wherever that was. */
export async function wasHandled({ db, aggregates }: Collections, key: string): Promise<boolean> {
  // In this order: a note moves from the document to the collection, and is in both for a moment.
  const only = { projection: { _id: 1 } };
  if ((await aggregates.findOne({ 'inbox.events': key }, only)) !== null) return true;
  return (await inboxOf(db).findOne({ _id: key }, only)) !== null;
}

/** Notes an event whose handling changed and published nothing. */
export async function noteAlone(db: Db, key: string): Promise<void> {
  await inboxOf(db).insertOne({ _id: key, handledAt: new Date() });
}

/**
 * Moves what documents note into a collection of its own once no attempt at the same event can be
 * under way any more, so that documents do not grow; and forgets events that were handled so long ago
 * that no bus delivers them again.
 */
export async function pruneInbox(
  { db, aggregates }: Collections,
  retentionHours: number,
): Promise<void> {
  const now = Date.now();
  const until = new Date(now - keptInDocumentMs);
  const documents = aggregates.find({ 'inbox.handledAt': { $lt: until } });
  for await (const { _id, inbox } of documents) {
    if (inbox === undefined) continue;
    const old = inbox.handledAt.filter((handledAt) => handledAt < until).length;
    await note(db, inbox.events.slice(0, old), inbox.handledAt);
    await aggregates.bulkWrite(withoutFirst(_id, inbox, old));
  }
  const age = new Date(now - retentionHours * 3_600_000);
  await inboxOf(db).deleteMany({ handledAt: { $lt: age } });
  await db.collection('event_attempts').deleteMany({ notedAt: { $lt: age } });
}

async function note(db: Db, keys: readonly string[], handledAt: readonly Date[]): Promise<void> {
  const noted = keys.map((_id, index) => ({ _id, handledAt: handledAt[index] ?? new Date() }));
  try {
    await inboxOf(db).insertMany(noted, { ordered: false });
  } catch (error) {
    // Another instance moves the same, or one that did was killed before it could clear up.
    if (!isDuplicateKey(error)) throw error;
  }
}

/** Takes the oldest out of a document's inbox unless another write came in between. */
function withoutFirst(
  _id: string,
  inbox: NonNullable<StoredDocument['inbox']>,
  count: number,
): AnyBulkWriteOperation<StoredDocument>[] {
  const unchanged = { _id, 'inbox.events': inbox.events };
  const events = inbox.events.slice(count);
  if (events.length > 0) {
    const rest = { events, handledAt: inbox.handledAt.slice(count) };
    return [{ updateOne: { filter: unchanged, update: { $set: { inbox: rest } } } }];
  }
  const isEmpty = { aggregate: { $exists: false }, outbox: { $exists: false } };
  return [
    { deleteOne: { filter: { ...unchanged, ...isEmpty } } },
    { updateOne: { filter: unchanged, update: { $unset: { inbox: '' } } } },
  ];
}

function inboxOf(db: Db): Collection<HandledEvent> {
  return db.collection('inbox');
}
