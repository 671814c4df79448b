import type { FastifyInstance } from 'fastify';
import type { Collection, Db } from 'mongodb';
import type { CloudEvent } from 'service-chassis/events';
import { inboxKey } from '../inbox/inbox.ts';

/** An event over which a process may have ended. */
interface NotedEvent {
  readonly _id: string;
  readonly attempts: number;
  readonly notedAt: Date;
}

/** How often an event was noted to be handled alone; nothing when it was not noted at all. */
export async function attemptsOf(
  { eventsDatabase }: FastifyInstance,
  event: CloudEvent,
): Promise<number | undefined> {
  const noted = await notedIn(eventsDatabase.db).findOne({ _id: inboxKey(event) });
  return noted?.attempts;
}

export async function noteAttempts(
  { eventsDatabase }: FastifyInstance,
  event: CloudEvent,
  attempts: number,
): Promise<void> {
  const update = { $set: { attempts, notedAt: new Date() } };
  await notedIn(eventsDatabase.db).updateOne({ _id: inboxKey(event) }, update, { upsert: true });
}

export async function forgetAttempts(
  { eventsDatabase }: FastifyInstance,
  event: CloudEvent,
): Promise<void> {
  await notedIn(eventsDatabase.db).deleteOne({ _id: inboxKey(event) });
}

function notedIn(db: Db): Collection<NotedEvent> {
  return db.collection('event_attempts');
}
