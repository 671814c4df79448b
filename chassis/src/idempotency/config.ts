import { z } from 'zod';

/** How long the answers of requests with an `Idempotency-Key` are kept. */
export interface IdempotencyConfig {
  readonly retentionHours: number;
}

/** Reads `IDEMPOTENCY_RETENTION_HOURS`. */
export const idempotencyConfig = {
  schema: z
    .object({
      IDEMPOTENCY_RETENTION_HOURS: z.coerce.number().int().min(1).max(8760).default(24),
    })
    .transform(
      (environment): IdempotencyConfig => ({
        retentionHours: environment.IDEMPOTENCY_RETENTION_HOURS,
      }),
    ),
};
