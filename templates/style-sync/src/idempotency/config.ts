import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

/** How long the answers of requests with an `Idempotency-Key` are kept. */
export interface IdempotencyConfig {
  readonly retentionHours: number;
}

declare module '../config.ts' {
  interface Config {
    readonly idempotency: IdempotencyConfig;
  }
}

export default {
  key: 'idempotency',
  schema: z
    .object({
      IDEMPOTENCY_RETENTION_HOURS: z.coerce.number().int().min(1).max(8760).default(24),
    })
    .transform(
      (environment): IdempotencyConfig => ({
        retentionHours: environment.IDEMPOTENCY_RETENTION_HOURS,
      }),
    ),
} satisfies ConfigPart;
