import { z } from 'zod';

export interface RateLimitConfig {
  /** Requests of one caller in a minute, to one instance of the gateway; 0 is without limit. */
  readonly perMinute: number;
}

export const rateLimitSchema = z
  .object({
    RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(100_000_000).default(600),
  })
  .transform((environment): RateLimitConfig => ({ perMinute: environment.RATE_LIMIT_PER_MINUTE }));
