import path from 'node:path';
import { z } from 'zod';

/** Where the rules are, and how much shadowing there may be. Times are milliseconds, sizes bytes. */
export interface StranglerConfig {
  /** Absolute path of the rules file. */
  readonly rules: string;
  readonly interval: number;
  readonly shadow: ShadowLimits;
}

/** What bounds shadowing: so many reads at once, each kept up to a size and for a time. */
export interface ShadowLimits {
  readonly concurrency: number;
  readonly largestBody: number;
  readonly timeout: number;
}

/**
 * Reads `STRANGLER_RULES`, `STRANGLER_RULES_INTERVAL_MS`, `STRANGLER_SHADOW_CONCURRENCY`,
 * `STRANGLER_SHADOW_BYTES` and `STRANGLER_SHADOW_TIMEOUT_MS`.
 *
 * @param folder what the path of the rules file is relative to.
 */
export function stranglerConfig(folder: string) {
  const schema = z
    .object({
      STRANGLER_RULES: z.string().default('strangler.json'),
      STRANGLER_RULES_INTERVAL_MS: z.coerce.number().int().min(10).max(60_000).default(1000),
      STRANGLER_SHADOW_CONCURRENCY: z.coerce.number().int().min(1).max(1000).default(10),
      STRANGLER_SHADOW_BYTES: z.coerce.number().int().min(0).max(10_485_760).default(262_144),
      STRANGLER_SHADOW_TIMEOUT_MS: z.coerce.number().int().min(10).max(60_000).default(5000),
    })
    .transform(
      (environment): StranglerConfig => ({
        rules: path.resolve(folder, environment.STRANGLER_RULES),
        interval: environment.STRANGLER_RULES_INTERVAL_MS,
        shadow: {
          concurrency: environment.STRANGLER_SHADOW_CONCURRENCY,
          largestBody: environment.STRANGLER_SHADOW_BYTES,
          timeout: environment.STRANGLER_SHADOW_TIMEOUT_MS,
        },
      }),
    );
  return { schema };
}
