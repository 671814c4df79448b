import { type ZodType, z } from 'zod';
import type { Budget } from '../config/index.ts';
import type { TlsFiles } from '../credentials/index.ts';
import type { HttpConfig } from '../http/index.ts';
import { type TlsEnvironment, tlsOptions } from './tls.ts';

/** What a service uses of its database unless variables say otherwise. Times are milliseconds. */
export interface DatabaseDefaults {
  /** Connections for requests, at most. */
  readonly poolMax: number;
  /** How long a caller waits for a connection, be it a free one or a new one. */
  readonly connectTimeout: number;
  readonly statementTimeout: number;
  /** How long a unit of work may take before it is given up and undone: longer than a statement. */
  readonly transactionTimeout: number;
  /** A statement that takes as long is logged. */
  readonly slowQuery: number;
}

/** What is used of a database where a service says nothing else. */
const usual: DatabaseDefaults = {
  poolMax: 10,
  connectTimeout: 3000,
  statementTimeout: 8000,
  transactionTimeout: 20_000,
  slowQuery: 500,
};

/** The service's own database. A statement may take for ever when its limit is 0. */
export interface DatabaseConfig extends DatabaseDefaults {
  readonly url: string;
  /** Whether the service applies its migrations; otherwise it only checks that all are applied. */
  readonly migrate: boolean;
  /** The server must show a certificate for its name, by these authorities or the system's, and gets the service's own. */
  readonly tls: TlsFiles | undefined;
}

/** What an adapter's schema makes of the variables that say where its server is. */
export interface DatabaseAddress extends TlsEnvironment {
  readonly DATABASE_URL: string;
}

const milliseconds = z.coerce.number().int().min(1).max(600_000);

/**
 * Returns what reads a database's limits from `DATABASE_*`: for adapters, which say how their server is
 * addressed.
 */
export function databaseConfig(
  address: ZodType<DatabaseAddress>,
  given: Partial<DatabaseDefaults> = {},
) {
  const defaults = { ...usual, ...given };
  const schema = z
    .object({
      DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(1000).default(defaults.poolMax),
      DATABASE_CONNECT_TIMEOUT_MS: milliseconds.default(defaults.connectTimeout),
      DATABASE_STATEMENT_TIMEOUT_MS: milliseconds.default(defaults.statementTimeout),
      DATABASE_TRANSACTION_TIMEOUT_MS: milliseconds.default(defaults.transactionTimeout),
      DATABASE_SLOW_QUERY_MS: milliseconds.default(defaults.slowQuery),
      DATABASE_MIGRATE: z.stringbool().default(true),
    })
    .and(address)
    .transform(
      (environment, context): DatabaseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        connectTimeout: environment.DATABASE_CONNECT_TIMEOUT_MS,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
        transactionTimeout: environment.DATABASE_TRANSACTION_TIMEOUT_MS,
        slowQuery: environment.DATABASE_SLOW_QUERY_MS,
        migrate: environment.DATABASE_MIGRATE,
        tls: tlsOptions(environment, context),
      }),
    );
  return { schema, budgets };
}

/** How the limits have to fit each other and those of a stop. */
function budgets({
  database,
  http,
}: {
  readonly database: DatabaseConfig;
  readonly http: HttpConfig;
}): readonly Budget[] {
  return [
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
  ];
}
