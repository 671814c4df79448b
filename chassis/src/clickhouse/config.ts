import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Budget, ConfigPart } from '../config/index.ts';
import type { HttpConfig } from '../http/index.ts';

/** What a service uses of its database unless variables say otherwise. Times are milliseconds. */
export interface ClickHouseDefaults {
  /** Connections for requests, at most, and as many for events; who finds none free waits. */
  readonly poolMax: number;
  readonly statementTimeout: number;
  /** How long a unit of work may take before it is given up: longer than a statement. */
  readonly transactionTimeout: number;
  /** A statement that takes as long is logged. */
  readonly slowQuery: number;
}

/** The service's own database. */
export interface ClickHouseConfig extends ClickHouseDefaults {
  readonly url: string;
  /** Whether the service applies its migrations; otherwise it only checks that all are applied. */
  readonly migrate: boolean;
  /** Certificates of authorities that vouch for the server, as PEM; those of the system without. */
  readonly ca: Buffer | undefined;
}

/** Of the whole configuration, what the limits of the database are compared with. */
interface WithDatabase {
  readonly database: ClickHouseConfig;
  readonly http: HttpConfig;
}

const milliseconds = z.coerce.number().int().min(1).max(600_000);

/** Returns what reads where the database is, and its limits, from `DATABASE_*`. */
export function clickhouseConfig(defaults: ClickHouseDefaults) {
  const schema = schemaOf(defaults);
  return { schema, budgets } satisfies ConfigPart<WithDatabase>;
}

function schemaOf(defaults: ClickHouseDefaults) {
  return z
    .object({
      // Without a path the client takes the database `default`, which may be somebody else's.
      DATABASE_URL: z.string().regex(/^https?:\/\/[^/]+\/\w+$/, {
        error: 'must be a URL such as http://user:password@host:8123/database',
      }),
      DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(1000).default(defaults.poolMax),
      DATABASE_STATEMENT_TIMEOUT_MS: milliseconds.default(defaults.statementTimeout),
      DATABASE_TRANSACTION_TIMEOUT_MS: milliseconds.default(defaults.transactionTimeout),
      DATABASE_SLOW_QUERY_MS: milliseconds.default(defaults.slowQuery),
      DATABASE_MIGRATE: z.stringbool().default(true),
      DATABASE_TLS_CA_FILE: z.string().transform(readCertificates).optional(),
    })
    .transform(
      (environment): ClickHouseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
        transactionTimeout: environment.DATABASE_TRANSACTION_TIMEOUT_MS,
        slowQuery: environment.DATABASE_SLOW_QUERY_MS,
        migrate: environment.DATABASE_MIGRATE,
        ca: environment.DATABASE_TLS_CA_FILE,
      }),
    );
}

/** How the limits have to fit each other and those of a stop. */
function budgets({ database, http }: WithDatabase): readonly Budget[] {
  return [
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
  ];
}

function readCertificates(file: string, context: z.RefinementCtx): Buffer {
  try {
    return readFileSync(file);
  } catch {
    context.addIssue('must name a readable file of certificates in PEM');
    return z.NEVER;
  }
}
