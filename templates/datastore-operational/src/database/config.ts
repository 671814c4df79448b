import type { ConfigPart } from 'service-chassis/config';
import type { HttpConfig } from 'service-chassis/http';
import { z } from 'zod';
import { addressSchema } from './address.ts';
import { tlsOptions } from './tls.ts';

/** The service's own database. Times are milliseconds. */
export interface DatabaseConfig {
  readonly url: string;
  /** Connections for requests, at most. */
  readonly poolMax: number;
  /** How long a caller waits for a connection, be it a free one or a new one. */
  readonly connectTimeout: number;
  /** 0 is for ever. */
  readonly statementTimeout: number;
  /** How long a unit of work may take before it is given up and undone: longer than a statement. */
  readonly transactionTimeout: number;
  /** A statement that takes as long is logged. */
  readonly slowQuery: number;
  /** Whether the service applies its migrations; otherwise it only checks that all are applied. */
  readonly migrate: boolean;
  /** The server must show a certificate for its name, by these authorities or the system's. */
  readonly tls: { readonly ca?: string } | undefined;
}

const milliseconds = z.coerce.number().int().min(1).max(600_000);

export default {
  schema: z
    .object({
      DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(1000).default(10),
      DATABASE_CONNECT_TIMEOUT_MS: milliseconds.default(3000),
      DATABASE_STATEMENT_TIMEOUT_MS: milliseconds.default(8000),
      DATABASE_TRANSACTION_TIMEOUT_MS: milliseconds.default(20_000),
      DATABASE_SLOW_QUERY_MS: milliseconds.default(500),
      DATABASE_MIGRATE: z.stringbool().default(true),
    })
    .and(addressSchema)
    .transform(
      (environment): DatabaseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        connectTimeout: environment.DATABASE_CONNECT_TIMEOUT_MS,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
        transactionTimeout: environment.DATABASE_TRANSACTION_TIMEOUT_MS,
        slowQuery: environment.DATABASE_SLOW_QUERY_MS,
        migrate: environment.DATABASE_MIGRATE,
        tls: tlsOptions(environment.DATABASE_TLS, environment.DATABASE_TLS_CA_FILE),
      }),
    ),
  budgets: ({ database, http }) => [
    {
      less: ['DATABASE_STATEMENT_TIMEOUT_MS', database.statementTimeout],
      than: ['DATABASE_TRANSACTION_TIMEOUT_MS', database.transactionTimeout],
      because: 'a unit of work is made of statements',
    },
    {
      less: [
        'SHUTDOWN_DRAIN_MS + DATABASE_CONNECT_TIMEOUT_MS + DATABASE_TRANSACTION_TIMEOUT_MS',
        http.shutdownDrain + database.connectTimeout + database.transactionTimeout,
      ],
      than: ['0.85 × SHUTDOWN_TIMEOUT_MS', http.shutdownWork],
      because: 'a unit of work that has begun ends before the process does',
    },
  ],
} satisfies ConfigPart<{ database: DatabaseConfig; http: HttpConfig }>;
