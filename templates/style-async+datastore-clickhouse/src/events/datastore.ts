import type { FastifyInstance } from 'fastify';
import type { EventsDatastore } from 'service-chassis/events';
import { Changes } from '../database/changes.ts';
import { causeOf } from '../database/ids.ts';
import { onlyBegin, store } from '../database/store.ts';
import type { UnitOfWork } from '../database/unit-of-work.ts';
import { attemptsOf, forgetAttempts, noteAttempts } from './attempts.ts';
import { whoseFault } from './whose-fault.ts';

/**
 * How events are handled in this service's database: once in effect, however often they come, because
 * what a handler creates has the same ids each time, and what it changes carries the event's name. What
 * only creates goes into ClickHouse in one insert with what the handlers beside it create; the event is
 * acknowledged when that is confirmed.
 */
export function eventsDatastore(app: FastifyInstance): EventsDatastore<UnitOfWork> {
  return {
    // Without an outbox, events go out before the answer.
    isBusAwaited: true,
    handleOnce(handler, context) {
      // Not before: bulk inserts are made after this.
      const { eventsDatabase, bulkInserts } = app;
      return eventsDatabase.carryOut(
        new Changes(causeOf(context.event)),
        (work) => handler.handle(work, context),
        (rows) =>
          onlyBegin(rows) ? bulkInserts.add(rows) : store(eventsDatabase.connection, rows),
        { signal: context.signal },
      );
    },
    attemptsOf: (event) => attemptsOf(app, event),
    noteAttempts: (event, attempts) => noteAttempts(app, event, attempts),
    forgetAttempts: (event) => forgetAttempts(app, event),
    whoseFault: (error) => whoseFault(app, error),
  };
}
