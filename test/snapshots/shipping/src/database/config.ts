import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

/** The service's own database. Times are milliseconds. */
export interface DatabaseConfig {
  readonly url: string;
  readonly poolMax: number;
  readonly statementTimeout: number;
}

declare module '../config.ts' {
  interface Config {
    readonly database: DatabaseConfig;
  }
}

export default {
  key: 'database',
  schema: z
    .object({
      DATABASE_URL: z.url({
        protocol: /^postgres(ql)?$/,
        error: 'must be a URL such as postgres://user:password@host:5432/database',
      }),
      DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(1000).default(10),
      DATABASE_STATEMENT_TIMEOUT_MS: z.coerce.number().int().min(1).max(600_000).default(10_000),
    })
    .transform(
      (environment): DatabaseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
      }),
    ),
} satisfies ConfigPart;
