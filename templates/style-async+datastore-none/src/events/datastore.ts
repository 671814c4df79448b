import type { FastifyInstance } from 'fastify';
import type { EventsDatastore } from 'service-chassis/events';
import type { UnitOfWork } from '../database/unit-of-work.ts';

/**
 * How events are handled without a datastore. One may come again after a crash, and nothing here
 * remembers it: handlers must be idempotent. What is noted of an event is forgotten with the process.
 */
export function eventsDatastore(app: FastifyInstance): EventsDatastore<UnitOfWork> {
  return {
    // Without an outbox, events go out before the answer.
    isBusAwaited: true,
    handleOnce: (handler, context) =>
      app.database.transaction((work) => handler.handle(work, context), { signal: context.signal }),
    attemptsOf: async () => undefined,
    noteAttempts: async () => undefined,
    forgetAttempts: async () => undefined,
    whoseFault: async () => 'attempt',
  };
}
