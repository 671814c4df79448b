import type { FastifyInstance } from 'fastify';
import type { EventsDatastore } from 'service-chassis/events';
import type { UnitOfWork } from '../database/unit-of-work.ts';
import { noteAllInInbox, noteInInbox } from '../inbox/inbox.ts';
import { attemptsOf, forgetAttempts, noteAttempts } from './attempts.ts';
import { whoseFault } from './whose-fault.ts';

/**
 * How events are handled in this service's database: once in effect, however often they come, because a
 * handler's changes and the inbox row that says so commit together.
 */
export function eventsDatastore(app: FastifyInstance): EventsDatastore<UnitOfWork> {
  return {
    // Events wait in the outbox.
    isBusAwaited: false,
    handleOnce: (handler, context) =>
      app.eventsDatabase.inTransaction(
        async (transaction, work) => {
          const isNew = await noteInInbox(transaction, context.event);
          if (isNew) await handler.handle(work, context);
        },
        { signal: context.signal },
      ),
    handleTogether: (handlings, signal) =>
      app.eventsDatabase.inTransaction(
        async (transaction, work) => {
          const events = handlings.map(({ context }) => context.event);
          const isNew = await noteAllInInbox(transaction, events);
          for (const { handler, context } of handlings)
            if (isNew(context.event)) await handler.handle(work, context);
        },
        { signal },
      ),
    attemptsOf: (event) => attemptsOf(app, event),
    noteAttempts: (event, attempts) => noteAttempts(app, event, attempts),
    forgetAttempts: (event) => forgetAttempts(app, event),
    whoseFault: (error) => whoseFault(app, error),
  };
}
