import { z } from 'zod';
import type { Budget, ConfigPart } from '../config/index.ts';
import { pemFile, type TlsFiles, tlsFiles } from '../credentials/index.ts';
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
  /** How the server and this service know each other, where the URL says https. */
  readonly tls: TlsFiles;
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
      DATABASE_TLS_CA_FILE: pemFile('CERTIFICATE').optional(),
      DATABASE_TLS_CERT_FILE: pemFile('CERTIFICATE').optional(),
      DATABASE_TLS_KEY_FILE: pemFile('PRIVATE KEY').optional(),
    })
    .transform(
      (environment, context): ClickHouseConfig => ({
        url: environment.DATABASE_URL,
        poolMax: environment.DATABASE_POOL_MAX,
        statementTimeout: environment.DATABASE_STATEMENT_TIMEOUT_MS,
        transactionTimeout: environment.DATABASE_TRANSACTION_TIMEOUT_MS,
        slowQuery: environment.DATABASE_SLOW_QUERY_MS,
        migrate: environment.DATABASE_MIGRATE,
        tls: tlsFrom(environment, context),
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

interface TlsEnvironment {
  readonly DATABASE_URL: string;
  readonly DATABASE_TLS_CA_FILE?: string | undefined;
  readonly DATABASE_TLS_CERT_FILE?: string | undefined;
  readonly DATABASE_TLS_KEY_FILE?: string | undefined;
}

function tlsFrom(environment: TlsEnvironment, context: z.core.$RefinementCtx): TlsFiles {
  const files = {
    ca: environment.DATABASE_TLS_CA_FILE,
    cert: environment.DATABASE_TLS_CERT_FILE,
    key: environment.DATABASE_TLS_KEY_FILE,
  };
  const names = { cert: 'DATABASE_TLS_CERT_FILE', key: 'DATABASE_TLS_KEY_FILE' };
  const tls = tlsFiles(files, names, context);
  const fault = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  // The client takes none without the other.
  if (tls.cert !== undefined && tls.ca === undefined)
    fault('DATABASE_TLS_CA_FILE', `must be set, as ${names.cert} is`);
  if (Object.keys(tls).length > 0 && !environment.DATABASE_URL.startsWith('https:'))
    fault('DATABASE_URL', 'must begin with https: where DATABASE_TLS_* name files');
  return tls;
}
