import { z } from 'zod';
import type { Budget, Limit } from '../config/index.ts';
import type { EventsConfig } from '../events/index.ts';
import type { HttpConfig } from '../http/index.ts';
import type { DatabaseConfig } from '../store/index.ts';
import { lastEventsMs } from './relay.ts';

/** How long the service remembers which events it has handled. */
export interface InboxConfig {
  readonly retentionHours: number;
}

/** Of the whole configuration, what the limits of the inbox are compared with. */
export interface WithInbox {
  readonly database: DatabaseConfig;
  readonly events: EventsConfig;
  readonly http: HttpConfig;
}

/**
 * Returns what reads `INBOX_RETENTION_HOURS`, and compares the limits of handlers with the database's.
 *
 * @param longestWait the longest that a transaction of the datastore waits for anything, and the variable
 *   that it depends on.
 */
export function inboxConfigOf(longestWait: (database: DatabaseConfig) => Limit) {
  return {
    schema: z
      .object({
        INBOX_RETENTION_HOURS: z.coerce.number().int().min(1).max(87_600).default(336),
      })
      .transform(
        (environment): InboxConfig => ({ retentionHours: environment.INBOX_RETENTION_HOURS }),
      ),
    budgets: ({ database, events, http }: WithInbox): readonly Budget[] => [
      {
        less: longestWait(database),
        than: ['EVENTS_HANDLER_TIMEOUT_MS', events.handlerTimeout],
        because: 'the next attempt would wait for the locks of the one before',
      },
      {
        less: [
          `SHUTDOWN_DRAIN_MS + EVENTS_HANDLER_TIMEOUT_MS + DATABASE_STATEMENT_TIMEOUT_MS + ${lastEventsMs}`,
          http.shutdownDrain + events.handlerTimeout + database.statementTimeout + lastEventsMs,
        ],
        than: ['SHUTDOWN_TIMEOUT_MS', http.shutdownTimeout],
        because:
          'an attempt that has begun may end, commit and be published before the process ends',
      },
    ],
  };
}
