import type { Collection, Filter, UpdateFilter } from 'mongodb';
import type { CloudEvent } from '../events/index.ts';
import { VersionConflictError } from '../store/index.ts';
import type { Change, StoredDocument, VersionedAggregate } from './document.ts';
import { isDuplicateKey } from './lease.ts';

/** What a document takes in with a change. */
export interface Cargo {
  readonly events: readonly CloudEvent[];
  /** The inbox key of the event whose handling the change is. */
  readonly key: string | undefined;
}

const nothing: Cargo = { events: [], key: undefined };

/**
 * Writes what becomes of an aggregate together with the cargo, as one write of one document. A deleted
 * aggregate's document stays, without the aggregate, until its events are published and the events it
 * has handled are noted elsewhere.
 *
 * @throws VersionConflictError unless the stored one is the version that the change starts from.
 * @throws MongoServerError for a duplicate key, when one of that id is there already or the event
 *   of the cargo has been handled by another write.
 */
export async function write(
  aggregates: Collection<StoredDocument>,
  { id, before, after }: Change<VersionedAggregate>,
  cargo: Cargo = nothing,
): Promise<void> {
  const isDeletion = before !== undefined && after === undefined;
  const isBare = cargo.events.length === 0 && cargo.key === undefined;
  if (isDeletion && isBare) {
    // In this order, so that no document without anything in it is left behind.
    const empty = { outbox: { $exists: false }, inbox: { $exists: false } };
    const { deletedCount } = await aggregates.deleteOne({ ...stored(id, before), ...empty });
    if (deletedCount === 1) return;
  }
  if (before === undefined && after !== undefined && isBare) {
    // Not inserted: a document of that id is there, which may only carry events.
    if (await isInserted(aggregates, { _id: id, aggregate: after })) return;
  }
  const update: UpdateFilter<StoredDocument> = {
    ...loaded(cargo, new Date()),
    ...(after === undefined ? {} : { $set: { aggregate: after } }),
    ...(isDeletion ? { $unset: { aggregate: '' } } : {}),
  };
  // What is handled twice in the same document is no duplicate key, so the filter has to tell.
  const unhandled = cargo.key === undefined ? {} : { 'inbox.events': { $ne: cargo.key } };
  const filter = {
    ...(before === undefined ? absent(id, after) : stored(id, before)),
    ...unhandled,
  };
  // A document of that id that does not match makes this an insertion, and so a duplicate key.
  const attempt = () => aggregates.updateOne(filter, update, { upsert: before === undefined });
  const { matchedCount } = await attempt().catch((error: unknown) => {
    // It may also be that another write made the document in the same instant: it matches now.
    if (before === undefined && isDuplicateKey(error)) return attempt();
    throw error;
  });
  if (before !== undefined && matchedCount === 0) throw new VersionConflictError(id);
}

async function isInserted(
  aggregates: Collection<StoredDocument>,
  document: StoredDocument,
): Promise<boolean> {
  try {
    await aggregates.insertOne(document);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

function stored(id: string, version: number): Filter<StoredDocument> {
  return { _id: id, 'aggregate.version': version };
}

/** A new aggregate may find a document that only carries events; events alone take what there is. */
function absent(id: string, after: VersionedAggregate | undefined): Filter<StoredDocument> {
  return after === undefined ? { _id: id } : { _id: id, aggregate: { $exists: false } };
}

function loaded({ events, key }: Cargo, now: Date): UpdateFilter<StoredDocument> {
  // As text: no name in an event's data can then mean something to MongoDB.
  const texts = events.map((event) => JSON.stringify(event));
  const outbox = { 'outbox.events': { $each: texts } };
  const inbox = { 'inbox.events': key, 'inbox.handledAt': now };
  return {
    ...(events.length === 0 ? {} : { $min: { 'outbox.since': now } }),
    ...(events.length === 0 && key === undefined
      ? {}
      : { $push: { ...(events.length > 0 && outbox), ...(key !== undefined && inbox) } }),
  };
}
