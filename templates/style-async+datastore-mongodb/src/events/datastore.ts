import type { FastifyInstance } from 'fastify';
import type { EventsDatastore } from 'service-chassis/events';
import { type UnitOfWork, unitOfWork } from '../database/unit-of-work.ts';
import { attemptsOf, forgetAttempts, noteAttempts } from './attempts.ts';
import { whoseFault } from './whose-fault.ts';

/**
 * How events are handled in this service's database: once in effect, however often they come, because a
 * handler's change and the note that says so are one write. When another delivery of the same event is
 * quicker, this one has no effect.
 */
export function eventsDatastore(app: FastifyInstance): EventsDatastore<UnitOfWork> {
  return {
    // Events wait in the outbox.
    isBusAwaited: false,
    handleOnce: (handler, context) =>
      app.eventsDatabase.inTransaction(
        async (transaction) => {
          const isNew = await transaction.handling(context.event);
          if (isNew) await handler.handle(unitOfWork(transaction), context);
        },
        { signal: context.signal },
      ),
    attemptsOf: (event) => attemptsOf(app, event),
    noteAttempts: (event, attempts) => noteAttempts(app, event, attempts),
    forgetAttempts: (event) => forgetAttempts(app, event),
    whoseFault: (error) => whoseFault(app, error),
  };
}
