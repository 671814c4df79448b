import { z } from 'zod';
import type { Budget } from '../config/index.ts';

/** The HTTP server and the life of the process. Times are milliseconds, sizes bytes. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly bodyLimit: number;
  /** By when the head of a request must be here, and by when all of it. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** From a signal on, how long requests are served as before. */
  readonly shutdownDrain: number;
  /** From a signal on, by when what is in flight must have come to its end: the longest work is shorter. */
  readonly shutdownWork: number;
  /** The deadline of all of it; what is left after the work is for the outbox, the bus and the database. */
  readonly shutdownTimeout: number;
}

const milliseconds = z.coerce.number().int().min(0).max(600_000);

/** The part of a shutdown in which work may end; the rest is for closing. */
const workShare = 0.85;

/** Reads `HOST`, `PORT`, `SHUTDOWN_DRAIN_MS` and `SHUTDOWN_TIMEOUT_MS`. */
export const httpConfig = {
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
        headersTimeout: 10_000,
        requestTimeout: 30_000,
        shutdownDrain: environment.SHUTDOWN_DRAIN_MS,
        shutdownWork: workShare * environment.SHUTDOWN_TIMEOUT_MS,
        shutdownTimeout: environment.SHUTDOWN_TIMEOUT_MS,
      }),
    ),
  budgets: ({ http }: { readonly http: HttpConfig }): readonly Budget[] => [
    {
      less: ['SHUTDOWN_DRAIN_MS', http.shutdownDrain],
      than: ['0.85 × SHUTDOWN_TIMEOUT_MS', http.shutdownWork],
      because: 'what is in flight after the drain has to end as well',
    },
  ],
};
