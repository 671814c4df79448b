import { z } from 'zod';
import type { ConfigPart } from '../config.ts';
import type { BatchLimits } from './batcher.ts';

declare module '../config.ts' {
  interface Config {
    readonly batches: BatchLimits;
  }
}

export default {
  key: 'batches',
  schema: z
    .object({
      BATCH_MAX_ROWS: z.coerce.number().int().min(1).max(100_000).default(1000),
      BATCH_MAX_WAIT_MS: z.coerce.number().int().min(0).max(60_000).default(200),
    })
    .transform(
      (environment): BatchLimits => ({
        maxRows: environment.BATCH_MAX_ROWS,
        maxWait: environment.BATCH_MAX_WAIT_MS,
      }),
    ),
} satisfies ConfigPart;
