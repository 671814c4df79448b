import type { Collection, Db } from 'mongodb';
import type { CloudEvent } from '../events/index.ts';
import { inboxKey } from './inbox.ts';

/** An event over which a process may have ended. */
interface NotedEvent {
  readonly _id: string;
  readonly attempts: number;
  readonly notedAt: Date;
}

/** How often events were handled alone over which a process may have ended. */
export class Attempts {
  readonly #noted: Collection<NotedEvent>;

  constructor(db: Db) {
    this.#noted = db.collection('event_attempts');
  }

  /** How often an event was noted to be handled alone; nothing when it was not noted at all. */
  async of(event: CloudEvent): Promise<number | undefined> {
    const noted = await this.#noted.findOne({ _id: inboxKey(event) });
    return noted?.attempts;
  }

  async note(event: CloudEvent, attempts: number): Promise<void> {
    const update = { $set: { attempts, notedAt: new Date() } };
    await this.#noted.updateOne({ _id: inboxKey(event) }, update, { upsert: true });
  }

  async forget(event: CloudEvent): Promise<void> {
    await this.#noted.deleteOne({ _id: inboxKey(event) });
  }
}
