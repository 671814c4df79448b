import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

/** The HTTP server and the life of the process. Times are milliseconds, sizes bytes. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly bodyLimit: number;
  readonly requestTimeout: number;
  readonly shutdownDrain: number;
  readonly shutdownTimeout: number;
}

const milliseconds = z.coerce.number().int().min(0).max(600_000);

export default {
  key: 'http',
  schema: z
    .object({
      HOST: z.string().default('0.0.0.0'),
      PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
      SHUTDOWN_DRAIN_MS: milliseconds.default(5000),
      SHUTDOWN_TIMEOUT_MS: milliseconds.default(40_000),
    })
    .transform(
      (environment): HttpConfig => ({
        host: environment.HOST,
        port: environment.PORT,
        bodyLimit: 1_048_576,
        requestTimeout: 30_000,
        shutdownDrain: environment.SHUTDOWN_DRAIN_MS,
        shutdownTimeout: environment.SHUTDOWN_TIMEOUT_MS,
      }),
    ),
  budgets: ({ http }) => [
    {
      less: ['SHUTDOWN_DRAIN_MS', http.shutdownDrain],
      than: ['SHUTDOWN_TIMEOUT_MS', http.shutdownTimeout],
      because: 'what is in flight after the drain has to end as well',
    },
  ],
} satisfies ConfigPart;
