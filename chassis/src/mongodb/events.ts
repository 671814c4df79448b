import type { FastifyInstance } from 'fastify';
import type { EventsDatastore } from '../events/index.ts';
import type { OutboxStore } from '../outbox/index.ts';
import { whoseFault } from '../store/index.ts';
import { Attempts } from './attempts.ts';
import type { MongoDatabase } from './database.ts';
import type { VersionedAggregate } from './document.ts';
import { kindOf } from './driver-error.ts';
import { inboxKey, pruneInbox, wasHandled } from './inbox.ts';
import { requireInboxIndex } from './needed-index.ts';
import { DocumentOutbox } from './outbox.ts';

/** The relay's, and one for what the service does once in a while, such as forgetting old events. */
const besideHandlers = 2;

/** What events are handled and published by. */
export interface MongoEvents<Work> {
  readonly datastore: EventsDatastore<Work>;
  readonly outbox: OutboxStore;
  /** Forgets events that were handled longer ago. */
  pruneInbox(retentionHours: number): Promise<void>;
}

/**
 * Returns how events are handled in a MongoDB database: once in effect, however often they come, because a
 * handler's change and the note that says so are one write. When another delivery of the same event is
 * quicker, this one has no effect. Handlers and the relay have connections of their own, which are made
 * when the service starts and close with it.
 *
 * @param concurrency how many handlers run at once.
 */
export function mongodbEvents<Aggregate extends VersionedAggregate, Repository, Work>(
  app: FastifyInstance,
  database: MongoDatabase<Aggregate, Repository, Work>,
  concurrency: number,
): MongoEvents<Work> {
  const ofHandlers = database.withPool('events', concurrency + besideHandlers);
  app.health.addStart('events-database', async () => {
    await ofHandlers.connect();
    await requireInboxIndex(ofHandlers.aggregates);
  });
  app.addHook('onClose', () => ofHandlers.close());
  const attempts = new Attempts(ofHandlers.db);
  const datastore: EventsDatastore<Work> = {
    // Events wait in the outbox.
    isBusAwaited: false,
    handleOnce: (handler, context) =>
      ofHandlers.inTransaction(
        async (transaction, work) => {
          const isNew = await transaction.handling(context.event);
          if (isNew) await handler.apply(work, context);
        },
        { signal: context.signal },
      ),
    wasHandled: (event) => wasHandled(ofHandlers, inboxKey(event)),
    attemptsOf: (event) => attempts.of(event),
    noteAttempts: (event, count) => attempts.note(event, count),
    forgetAttempts: (event) => attempts.forget(event),
    whoseFault: (error) => whoseFault(error, () => database.ping(), kindOf),
  };
  return {
    datastore,
    outbox: new DocumentOutbox(ofHandlers, [ofHandlers, database]),
    pruneInbox: (retentionHours) => pruneInbox(ofHandlers, retentionHours),
  };
}
