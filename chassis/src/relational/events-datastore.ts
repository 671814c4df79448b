import type { EventsDatastore } from '../events/index.ts';
import { whoseFault } from '../store/index.ts';
import { attemptsOf, forgetAttempts } from './attempts.ts';
import type { RelationalDatabase } from './database.ts';
import { wasHandled } from './inbox.ts';
import { inboxTables } from './needed-tables.ts';
import { type InboxTables, withChassisTables } from './tables.ts';

/**
 * How events are handled in a service's database: once in effect, however often they come, because a
 * handler's changes and the inbox row that says so commit together.
 *
 * @param database has a connection for each handler that may run, and one for what is noted of events.
 */
export function eventsIn<Tables extends InboxTables, Work>(
  database: RelationalDatabase<Tables, Work>,
): EventsDatastore<Work> {
  const { inbox } = database.dialect;
  const kysely = withChassisTables(database.kysely);
  database.need(inboxTables);
  return {
    // Events wait in the outbox.
    isBusAwaited: false,
    handleOnce: (handler, context) =>
      database.inTransaction(
        async (transaction, work) => {
          const isNew = await inbox.note(withChassisTables(transaction), context.event);
          if (isNew) await handler.apply(work, context);
        },
        { signal: context.signal },
      ),
    handleTogether: (handlings, signal) =>
      database.inTransaction(
        async (transaction, work) => {
          const events = handlings.map(({ context }) => context.event);
          const isNew = await inbox.noteAll(withChassisTables(transaction), events);
          for (const { handler, context } of handlings)
            if (isNew(context.event)) await handler.apply(work, context);
        },
        { signal },
      ),
    wasHandled: (event) => wasHandled(kysely, event),
    attemptsOf: (event) => attemptsOf(kysely, event),
    noteAttempts: (event, attempts) => inbox.noteAttempts(kysely, event, attempts),
    forgetAttempts: (event) => forgetAttempts(kysely, event),
    whoseFault: (error) => whoseFault(error, () => database.ping()),
  };
}
