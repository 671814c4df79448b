import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

/** The service's own database. Times are milliseconds. */
export interface DatabaseConfig {
  readonly url: string;
  /** Connections at most; a request that finds none free waits. */
  readonly poolMax: number;
  readonly statementTimeout: number;
  /** A statement that takes longer is logged. */
  readonly slowAfter: number;
  /** The certificate authority that the server's certificate is checked against, as PEM. */
  readonly ca: Buffer | undefined;
}

declare module '../config.ts' {
  interface Config {
    readonly database: DatabaseConfig;
  }
}

const milliseconds = z.coerce.number().int().min(1).max(600_000);

export default {
  key: 'database',
  schema: z
    .object({
      DATABASE_URL: z.url({
        protocol: /^https?$/,
        error: 'must be a URL such as http://user:password@host:8123/database',
      }),
      DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(1000).default(10),
      DATABASE_STATEMENT_TIMEOUT_MS: milliseconds.default(10_000),
      DATABASE_SLOW_QUERY_MS: milliseconds.default(1000),
      DATABASE_CA_FILE: z.string().transform(readCertificate).optional(),
    })
    .transform(
      (environment): DatabaseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
        slowAfter: environment.DATABASE_SLOW_QUERY_MS,
        ca: environment.DATABASE_CA_FILE,
      }),
    ),
} satisfies ConfigPart;

function readCertificate(file: string, context: z.RefinementCtx): Buffer {
  try {
    return readFileSync(file);
  } catch {
    context.addIssue({ code: 'custom', message: 'must name a file that can be read' });
    return z.NEVER;
  }
}
