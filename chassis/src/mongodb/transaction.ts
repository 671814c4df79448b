import type { Collection } from 'mongodb';
import { type CloudEvent, type Events, outgoing } from '../events/index.ts';
import type { UnitOfWorkGate } from '../store/index.ts';
import type { AggregateDocument, VersionedAggregate } from './document.ts';
import { Documents } from './documents.ts';
import { type Collections, inboxKey, noteAlone, wasHandled } from './inbox.ts';
import { OneChange } from './one-change.ts';
import { write } from './write.ts';

/**
 * What a unit of work is about to write: the change of one aggregate, the events that it publishes,
 * and the event that it handles. All three go into one document, in one write, so that no replica set
 * and no multi-document transaction is needed for any two of them to be true together.
 *
 * Without a change, the document is that of the first event's subject. If there is none it is made
 * without an aggregate, only to carry the events, and goes when they are gone. So the events about one
 * aggregate are all in one document, in their order, whoever publishes them.
 */
export class Transaction<Aggregate extends VersionedAggregate> {
  /** What a repository is made from. */
  readonly documents: Documents<Aggregate>;
  /** Closed when the work is over. */
  readonly gate: UnitOfWorkGate;
  readonly #database: Collections;
  readonly #change = new OneChange<Aggregate>();
  readonly #events: CloudEvent[] = [];
  /** What the event is noted by whose handling this is. */
  #key: string | undefined;

  /** @param collection `database.aggregates`, as a repository reads it. */
  constructor(database: Collections, collection: Collection<AggregateDocument<Aggregate>>) {
    this.#database = database;
    this.gate = this.#change.gate;
    this.documents = new Documents(collection, this.#change);
  }

  /**
   * Makes this the handling of an event: the commit will note it.
   *
   * @returns whether the event is new; one that is not must have no further effect.
   */
  async handling(event: CloudEvent): Promise<boolean> {
    const key = inboxKey(event);
    if (await wasHandled(this.#database, key)) return false;
    this.#key = key;
    return true;
  }

  /**
   * Puts the event into the document of the change: it is published if and only if that is written.
   *
   * @param way the way out of the events: `app.events`.
   * @throws EventTooLargeError when the bus could not carry it, UnitOfWorkClosedError when the work is over.
   */
  publish(event: CloudEvent, way: Pick<Events, 'maxEventBytes' | 'messageOf'>): void {
    this.gate.requireOpen();
    outgoing(event, way);
    this.#events.push(event);
  }

  /** @throws VersionConflictError when another write came in between. */
  async commit(): Promise<void> {
    try {
      await this.#write();
    } catch (error) {
      // Another delivery of the same event may have been quicker; then its effect is the one.
      if (this.#key === undefined || !(await wasHandled(this.#database, this.#key))) throw error;
    }
  }

  async #write(): Promise<void> {
    const { aggregates, db } = this.#database;
    const cargo = { events: this.#events, key: this.#key };
    const [first] = this.#events;
    if (this.#change.held !== undefined) {
      await write(aggregates, this.#change.held, cargo);
    } else if (first !== undefined) {
      await write(aggregates, { id: first.subject, before: undefined, after: undefined }, cargo);
    } else if (this.#key !== undefined) {
      await noteAlone(db, this.#key);
    }
  }
}
