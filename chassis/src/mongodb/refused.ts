import type { Collection, Db } from 'mongodb';
import type { CloudEvent } from '../events/index.ts';
import type { RefusedEvent, WaitingEvent } from '../outbox/index.ts';
import type { Collections } from './inbox.ts';
import { write } from './write.ts';

/** An event that the bus will not take, in a collection of its own. */
interface RefusedDocument {
  /** The event's id. */
  readonly _id: string;
  readonly event: string;
  readonly reason: string;
  readonly refusedAt: Date;
}

export function refusedOf({ db }: { readonly db: Db }): Collection<RefusedDocument> {
  return db.collection('outbox_refused');
}

/** Keeps an event; one that is there already stays. */
export async function keepRefused(
  database: Collections,
  { text }: WaitingEvent,
  reason: string,
): Promise<void> {
  const refused = { event: text, reason, refusedAt: new Date() };
  const { id }: CloudEvent = JSON.parse(text);
  await refusedOf(database).updateOne({ _id: id }, { $setOnInsert: refused }, { upsert: true });
}

/** The events that were set aside, oldest first. */
export async function refusedEvents(database: Collections): Promise<readonly RefusedEvent[]> {
  const found = await refusedOf(database).find().sort({ _id: 1 }).toArray();
  return found.map(({ _id: place, event: text, ...same }) => ({ place, text, ...same }));
}

/** Has an event that was set aside published after all, behind those of its aggregate that wait. */
export async function retryRefused(database: Collections, refused: RefusedEvent): Promise<void> {
  const event: CloudEvent = JSON.parse(refused.text);
  const change = { id: event.subject, before: undefined, after: undefined };
  await write(database.aggregates, change, { events: [event], key: undefined });
  await dropRefused(database, refused);
}

/** Forgets an event that was set aside. */
export async function dropRefused(database: Collections, { place }: RefusedEvent): Promise<void> {
  await refusedOf(database).deleteOne({ _id: place });
}
