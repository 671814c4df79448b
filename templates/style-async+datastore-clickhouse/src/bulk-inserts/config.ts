import type { ConfigPart } from 'service-chassis/config';
import type { EventsConfig } from 'service-chassis/events';
import { z } from 'zod';
import type { DatabaseConfig } from '../database/config.ts';
import type { BulkInsertLimits } from './bulk-inserts.ts';

export default {
  schema: z
    .object({
      BULK_INSERT_MAX_ROWS: z.coerce.number().int().min(1).max(100_000).default(500),
      BULK_INSERT_MAX_WAIT_MS: z.coerce.number().int().min(0).max(60_000).default(200),
    })
    .transform(
      (environment): BulkInsertLimits => ({
        maxRows: environment.BULK_INSERT_MAX_ROWS,
        maxWait: environment.BULK_INSERT_MAX_WAIT_MS,
      }),
    ),
  budgets: ({ bulkInserts, database, events }) => [
    {
      less: ['DATABASE_STATEMENT_TIMEOUT_MS', database.statementTimeout],
      than: ['EVENTS_HANDLER_TIMEOUT_MS', events.handlerTimeout],
      because: 'a handler has to hear of a statement that takes too long',
    },
    {
      less: [
        'BULK_INSERT_MAX_WAIT_MS + DATABASE_STATEMENT_TIMEOUT_MS',
        bulkInserts.maxWait + database.statementTimeout,
      ],
      than: ['EVENTS_STUCK_AFTER_MS', events.stuckAfter],
      because: 'an event that waits for others to be stored with is not stuck',
    },
  ],
} satisfies ConfigPart<{
  bulkInserts: BulkInsertLimits;
  database: DatabaseConfig;
  events: EventsConfig;
}>;
