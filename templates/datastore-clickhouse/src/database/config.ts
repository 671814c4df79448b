import { readFileSync } from 'node:fs';
import type { ConfigPart } from 'service-chassis/config';
import type { HttpConfig } from 'service-chassis/http';
import { z } from 'zod';

/** The service's own database. Times are milliseconds. */
export interface DatabaseConfig {
  readonly url: string;
  /** Connections for requests, at most, and as many for events; who finds none free waits. */
  readonly poolMax: number;
  readonly statementTimeout: number;
  /** How long a unit of work may take before it is given up: longer than a statement. */
  readonly transactionTimeout: number;
  /** A statement that takes as long is logged. */
  readonly slowQuery: number;
  /** Whether the service applies its migrations; otherwise it only checks that all are applied. */
  readonly migrate: boolean;
  /** Certificates of authorities that vouch for the server, as PEM; those of the system without. */
  readonly ca: Buffer | undefined;
}

const milliseconds = z.coerce.number().int().min(1).max(600_000);

export default {
  schema: z
    .object({
      // Without a path the client takes the database `default`, which may be somebody else's.
      DATABASE_URL: z.string().regex(/^https?:\/\/[^/]+\/\w+$/, {
        error: 'must be a URL such as http://user:password@host:8123/database',
      }),
      DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(1000).default(10),
      DATABASE_STATEMENT_TIMEOUT_MS: milliseconds.default(8000),
      DATABASE_TRANSACTION_TIMEOUT_MS: milliseconds.default(20_000),
      DATABASE_SLOW_QUERY_MS: milliseconds.default(500),
      DATABASE_MIGRATE: z.stringbool().default(true),
      DATABASE_TLS_CA_FILE: z.string().transform(readCertificates).optional(),
    })
    .transform(
      (environment): DatabaseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
        transactionTimeout: environment.DATABASE_TRANSACTION_TIMEOUT_MS,
        slowQuery: environment.DATABASE_SLOW_QUERY_MS,
        migrate: environment.DATABASE_MIGRATE,
        ca: environment.DATABASE_TLS_CA_FILE,
      }),
    ),
  budgets: ({ database, http }) => [
    {
      less: ['DATABASE_STATEMENT_TIMEOUT_MS', database.statementTimeout],
      than: ['DATABASE_TRANSACTION_TIMEOUT_MS', database.transactionTimeout],
      because: 'a unit of work reads before it is stored',
    },
    {
      less: [
        'SHUTDOWN_DRAIN_MS + DATABASE_TRANSACTION_TIMEOUT_MS + DATABASE_STATEMENT_TIMEOUT_MS',
        http.shutdownDrain + database.transactionTimeout + database.statementTimeout,
      ],
      than: ['0.85 × SHUTDOWN_TIMEOUT_MS', http.shutdownWork],
      because: 'a unit of work that has begun ends, and is stored, before the process does',
    },
  ],
} satisfies ConfigPart<{ database: DatabaseConfig; http: HttpConfig }>;

function readCertificates(file: string, context: z.RefinementCtx): Buffer {
  try {
    return readFileSync(file);
  } catch {
    context.addIssue('must name a readable file of certificates in PEM');
    return z.NEVER;
  }
}
