import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

export interface RateLimitConfig {
  /** Requests of one caller in a minute, to one instance of the gateway; 0 is without limit. */
  readonly perMinute: number;
}

declare module '../config.ts' {
  interface Config {
    readonly rateLimit: RateLimitConfig;
  }
}

export default {
  key: 'rateLimit',
  schema: z
    .object({
      RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(0).max(100_000_000).default(600),
    })
    .transform(
      (environment): RateLimitConfig => ({ perMinute: environment.RATE_LIMIT_PER_MINUTE }),
    ),
} satisfies ConfigPart;
