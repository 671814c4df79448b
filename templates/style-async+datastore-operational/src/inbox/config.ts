import type { ConfigPart } from 'service-chassis/config';
import type { EventsConfig } from 'service-chassis/events';
import type { HttpConfig } from 'service-chassis/http';
import { z } from 'zod';
import type { DatabaseConfig } from '../database/config.ts';
import { longestWait } from '../database/transaction-limit.ts';
import { lastEventsMs } from '../outbox/relay.ts';

/** How long the service remembers which events it has handled. */
export interface InboxConfig {
  readonly retentionHours: number;
}

export default {
  schema: z
    .object({
      INBOX_RETENTION_HOURS: z.coerce.number().int().min(1).max(87_600).default(336),
    })
    .transform(
      (environment): InboxConfig => ({ retentionHours: environment.INBOX_RETENTION_HOURS }),
    ),
  budgets: ({ database, events, http }) => [
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
      because: 'an attempt that has begun may end, commit and be published before the process ends',
    },
  ],
} satisfies ConfigPart<{
  database: DatabaseConfig;
  events: EventsConfig;
  http: HttpConfig;
}>;
