import fs from 'node:fs';
import { z } from 'zod';
import type { ConfigPart } from '../config.ts';
import { urlSchema } from './url-schema.ts';

/** The service's own database. Times are milliseconds. */
export interface DatabaseConfig {
  readonly url: string;
  readonly poolMax: number;
  /** How long a caller waits for a connection, be it a free one or a new one. */
  readonly connectTimeout: number;
  /** 0 is for ever. */
  readonly statementTimeout: number;
  /** A statement that takes as long is logged. */
  readonly slowQuery: number;
  /** Whether the service applies its migrations; otherwise it only checks that all are applied. */
  readonly migrate: boolean;
  /** The server must show a certificate for its name, by these authorities or the system's. */
  readonly tls: { readonly ca?: string } | undefined;
}

declare module '../config.ts' {
  interface Config {
    readonly database: DatabaseConfig;
  }
}

const milliseconds = z.coerce.number().int().min(1).max(600_000);

/** A file of certificates in PEM, as its text. */
const pemFile = z.string().transform((file, context) => {
  const text = readText(file);
  if (text?.includes('BEGIN CERTIFICATE')) return text;
  context.addIssue('must name a readable file of certificates in PEM');
  return z.NEVER;
});

export default {
  key: 'database',
  schema: z
    .object({
      DATABASE_URL: urlSchema,
      DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(1000).default(10),
      DATABASE_CONNECT_TIMEOUT_MS: milliseconds.default(3000),
      DATABASE_STATEMENT_TIMEOUT_MS: milliseconds.default(10_000),
      DATABASE_SLOW_QUERY_MS: milliseconds.default(500),
      DATABASE_MIGRATE: z.stringbool().default(true),
      DATABASE_TLS: z.stringbool().default(false),
      DATABASE_TLS_CA_FILE: pemFile.optional(),
    })
    .transform(
      (environment): DatabaseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        connectTimeout: environment.DATABASE_CONNECT_TIMEOUT_MS,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
        slowQuery: environment.DATABASE_SLOW_QUERY_MS,
        migrate: environment.DATABASE_MIGRATE,
        tls: environment.DATABASE_TLS ? { ...caOf(environment.DATABASE_TLS_CA_FILE) } : undefined,
      }),
    ),
} satisfies ConfigPart;

function caOf(ca: string | undefined): { ca?: string } {
  return ca === undefined ? {} : { ca };
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
