import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { TlsFiles } from '../credentials/index.ts';
import { DatabaseError } from '../store/index.ts';
import type { ClickHouseConfig } from './config.ts';
import { databaseError } from './driver-error.ts';

/** A statement that has ended, for metrics and the log. Values are never in it. */
export interface Statement {
  readonly operation: 'select' | 'insert' | 'command';
  /** With the names of its parameters. */
  readonly sql: string;
  readonly milliseconds: number;
  readonly error?: DatabaseError;
}

/** Values for the placeholders `{name:Type}` of a query. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Somebody who asks for the service's readiness waits for it. */
const pingLimitMs = 1000;

/** How a database is connected to. */
export interface ConnectionOptions {
  /** The service's name: the server shows it beside each statement. */
  readonly service: string;
  readonly config: Pick<ClickHouseConfig, 'url' | 'poolMax' | 'statementTimeout' | 'tls'>;
  /** Called after each statement. */
  readonly observe?: (statement: Statement) => void;
}

/** Statements to ClickHouse over HTTP, each of which is known to have happened when it resolves. */
export class Connection {
  readonly #client: ClickHouseClient;
  /** For `ping` alone: that the connections of others are busy says nothing about the server. */
  readonly #probe: ClickHouseClient;
  readonly #watch: (statement: Statement) => void;

  constructor({ service, config, observe = () => undefined }: ConnectionOptions) {
    this.#watch = observe;
    this.#client = clientFor(service, config);
    const ofProbe = { ...config, poolMax: 1, statementTimeout: pingLimitMs };
    this.#probe = clientFor(service, ofProbe);
  }

  /** The rows of a query. @throws DatabaseError */
  select<Row>(query: string, parameters: Parameters = {}): Promise<Row[]> {
    return this.#observe('select', query, async () => {
      const result = await this.#client.query({
        query,
        query_params: { ...parameters },
        format: 'JSONEachRow',
      });
      return result.json<Row>();
    });
  }

  /**
   * Writes rows in one piece: all or none.
   *
   * @param token what names this insert: of several with the same, the first one counts, and the
   *   others change nothing. ClickHouse remembers the last few thousand for each table.
   */
  async insert<Row>(table: string, rows: readonly Row[], token?: string): Promise<void> {
    if (rows.length === 0) return;
    await this.#observe('insert', `insert into ${table}`, () =>
      this.#client.insert({
        table,
        values: [...rows],
        format: 'JSONEachRow',
        clickhouse_settings: token === undefined ? {} : { insert_deduplication_token: token },
      }),
    );
  }

  /** Anything that answers nothing. */
  async command(query: string): Promise<void> {
    await this.#observe('command', query, () => this.#client.command({ query }));
  }

  /**
   * Rejects when the server does not answer, refuses the credentials, or takes no writes of this user.
   * Nothing is written to find out.
   */
  async ping(): Promise<void> {
    const query = "select getSetting('readonly') as readonly";
    const [user] = await this.#observe('select', query, async () => {
      const result = await this.#probe.query({ query, format: 'JSONEachRow' });
      return result.json<{ readonly: number }>();
    });
    if (user?.readonly !== 0) throw new DatabaseError('read-only', 'the database is read-only');
  }

  /** Waits for nothing: what is in flight is cut. */
  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#probe.close()]);
  }

  async #observe<T>(
    operation: Statement['operation'],
    sql: string,
    run: () => Promise<T>,
  ): Promise<T> {
    const start = performance.now();
    try {
      const result = await run();
      this.#watch({ operation, sql, milliseconds: performance.now() - start });
      return result;
    } catch (thrown) {
      const error = databaseError(thrown);
      this.#watch({ operation, sql, milliseconds: performance.now() - start, error });
      throw error;
    }
  }
}

function clientFor(service: string, config: ConnectionOptions['config']): ClickHouseClient {
  return createClient({
    url: config.url,
    application: service,
    max_open_connections: config.poolMax,
    // The server gives a statement up first, and says why.
    request_timeout: config.statementTimeout + 1000,
    log: { level: ClickHouseLogLevel.OFF },
    ...tlsOf(config.tls),
    clickhouse_settings: {
      max_execution_time: config.statementTimeout / 1000,
      // Rows are in the table when an insert resolves; the service gathers rows by itself.
      async_insert: 0,
      // On a cluster, reads see what any replica has confirmed.
      select_sequential_consistency: '1',
      // A query that fails half way fails, instead of ending early.
      wait_end_of_query: 1,
      date_time_input_format: 'best_effort',
      date_time_output_format: 'iso',
      output_format_json_quote_64bit_integers: 0,
    },
  });
}

function tlsOf({ ca, cert, key }: TlsFiles) {
  if (ca === undefined) return {};
  const authorities = { ca_cert: Buffer.from(ca) };
  if (cert === undefined || key === undefined) return { tls: authorities };
  return { tls: { ...authorities, cert: Buffer.from(cert), key: Buffer.from(key) } };
}
