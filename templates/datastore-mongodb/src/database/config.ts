import { MongoClient } from 'mongodb';
import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

/** The service's own database. Times are milliseconds. */
export interface DatabaseConfig {
  readonly url: string;
  /** Connections to each server at most. */
  readonly poolMax: number;
  /** How long to look for a server that can take a command. */
  readonly connectTimeout: number;
  /** How long one command may take; its connection is closed then. */
  readonly statementTimeout: number;
  /** Commands that take longer are logged. */
  readonly slowStatement: number;
  /** A file with the certificates of authorities that vouch for the server. */
  readonly tlsCaFile: string | undefined;
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
      DATABASE_URL: z.string().refine(namesDatabase, {
        error: 'must be a URL such as mongodb://user:password@host:27017/database',
      }),
      DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(1000).default(10),
      DATABASE_CONNECT_TIMEOUT_MS: milliseconds.default(3000),
      DATABASE_STATEMENT_TIMEOUT_MS: milliseconds.default(10_000),
      DATABASE_SLOW_STATEMENT_MS: milliseconds.default(500),
      DATABASE_TLS_CA_FILE: z.string().optional(),
    })
    .transform(
      (environment): DatabaseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        connectTimeout: environment.DATABASE_CONNECT_TIMEOUT_MS,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
        slowStatement: environment.DATABASE_SLOW_STATEMENT_MS,
        tlsCaFile: environment.DATABASE_TLS_CA_FILE,
      }),
    ),
} satisfies ConfigPart;

/** The driver judges the URL; what it says is kept back, since it may repeat the password. */
function namesDatabase(url: string): boolean {
  try {
    new MongoClient(url);
  } catch {
    return false;
  }
  // Without a path the driver takes `test`, which may be somebody else's.
  return /^[\w+]+:\/\/[^/?]+\/[^/?]+/.test(url);
}
