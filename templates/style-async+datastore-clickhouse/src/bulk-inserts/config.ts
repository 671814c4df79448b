import { z } from 'zod';
import type { ConfigPart } from '../config.ts';
import type { BulkInsertLimits } from './bulk-inserts.ts';

declare module '../config.ts' {
  interface Config {
    readonly bulkInserts: BulkInsertLimits;
  }
}

export default {
  key: 'bulkInserts',
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
} satisfies ConfigPart;
