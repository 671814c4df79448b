import { z } from 'zod';
import type { Budget, ConfigPart } from '../config/index.ts';
import type { EventsConfig } from '../events/index.ts';
import type { BulkInsertLimits } from './bulk-inserts.ts';
import type { ClickHouseConfig } from './config.ts';

/** Of the whole configuration, what the limits of bulk inserts are compared with. */
interface WithBulkInserts {
  readonly bulkInserts: BulkInsertLimits;
  readonly database: ClickHouseConfig;
  readonly events: EventsConfig;
}

/** Returns what reads `BULK_INSERT_*`. @param defaults unless the variables say otherwise. */
export function bulkInsertsConfig(defaults: BulkInsertLimits) {
  const schema = z
    .object({
      BULK_INSERT_MAX_ROWS: z.coerce.number().int().min(1).max(100_000).default(defaults.maxRows),
      BULK_INSERT_MAX_WAIT_MS: z.coerce.number().int().min(0).max(60_000).default(defaults.maxWait),
    })
    .transform(
      (environment): BulkInsertLimits => ({
        maxRows: environment.BULK_INSERT_MAX_ROWS,
        maxWait: environment.BULK_INSERT_MAX_WAIT_MS,
      }),
    );
  return { schema, budgets } satisfies ConfigPart<WithBulkInserts>;
}

function budgets({ bulkInserts, database, events }: WithBulkInserts): readonly Budget[] {
  return [
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
  ];
}
