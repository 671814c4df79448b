import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import {
  type ConnectionConfig,
  type Connections as ConnectionPool,
  idleTransactionLimit,
  type PoolState,
} from '../relational/index.ts';
import { connectError } from './driver-error.ts';
import { guarded } from './guarded-client.ts';

/** How much longer than a statement may take its answer is waited for, in milliseconds. */
const graceMs = 2000;

/** How often the server looks whether whoever sent a statement that takes its time is still there. */
const lookForClient = "set client_connection_check_interval = '250ms'";

const noop = (): void => undefined;

/** How a single connection is made. */
export function clientConfig(config: ConnectionConfig): pg.ClientConfig {
  return {
    connectionString: config.url,
    connectionTimeoutMillis: config.connectTimeout,
    application_name: config.applicationName,
    keepAlive: true,
    ...(config.tls === undefined ? {} : { ssl: { ...config.tls, rejectUnauthorized: true } }),
  };
}

/** The pool of connections to PostgreSQL. */
export class Connections implements ConnectionPool {
  readonly dialect: Dialect;
  readonly #pool: pg.Pool;
  readonly #guarded = new WeakMap<pg.PoolClient, pg.PoolClient>();

  /** @param onIdleError is told of connections that break while no query runs on them. */
  constructor(config: ConnectionConfig, onIdleError: (error: Error) => void) {
    const { statementTimeout } = config;
    this.#pool = new pg.Pool({
      ...clientConfig(config),
      max: config.poolMax,
      // The server ends what takes too long; when not even that is heard, the connection is lost.
      statement_timeout: statementTimeout,
      idle_in_transaction_session_timeout: idleTransactionLimit(config),
      // So that the locks of a statement that was given up are free soon. Before PostgreSQL 14, and on
      // some systems, there is no such setting.
      onConnect: (client) => client.query(lookForClient).then(noop, noop),
      ...(statementTimeout > 0 ? { query_timeout: statementTimeout + graceMs } : {}),
    });
    this.#pool.on('error', onIdleError);
    // The pool does not listen to a connection that is lent out; one that breaks between two queries
    // would end the process.
    this.#pool.on('connect', (client) => client.on('error', onIdleError));
    const connect = (): Promise<pg.PoolClient> => this.#connect();
    this.dialect = new PostgresDialect({
      pool: { options: {}, connect, end: () => this.#pool.end() },
    });
  }

  /** Connections that are open and that are idle, and callers that wait for one. */
  state(): PoolState {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      const client = await this.#pool.connect();
      const known = this.#guarded.get(client) ?? guarded(client);
      this.#guarded.set(client, known);
      return known;
    } catch (error) {
      throw connectError(error);
    }
  }
}
