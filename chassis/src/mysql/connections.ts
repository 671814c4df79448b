import { type Dialect, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely';
import { createConnection, createPool, type Pool, type PoolConnection } from 'mysql2';
import type {
  ConnectionConfig,
  Connections as ConnectionPool,
  PoolState,
} from '../relational/index.ts';
import { DatabaseError } from '../store/index.ts';
import { connectError } from './driver-error.ts';
import { guarded, noConnection } from './guarded-connection.ts';
import { clientConfig, idleMs, sessionStatements } from './session.ts';

type Acquired = (error: unknown, connection: MysqlPoolConnection) => void;

/** The pool of connections to MySQL or MariaDB. */
export class Connections implements ConnectionPool {
  readonly dialect: Dialect;
  readonly #config: ConnectionConfig;
  readonly #pool: Pool;
  readonly #guarded = new WeakMap<PoolConnection, MysqlPoolConnection>();
  readonly #open = new Set<PoolConnection>();
  readonly #lent = new Set<PoolConnection>();
  #waiting = 0;
  #onLastReturned: () => void = () => undefined;

  /** @param onIdleError is told of connections that break while no query runs on them. */
  constructor(config: ConnectionConfig, onIdleError: (error: Error) => void) {
    this.#config = config;
    this.#pool = createPool({
      ...clientConfig(config),
      connectionLimit: config.poolMax,
      // Closed here before the server does it. Were it not less than all, the driver would close none.
      maxIdle: config.poolMax - 1,
      idleTimeout: idleMs,
      gracefulEnd: true,
    });
    this.#pool.on('connection', (connection) => {
      this.#open.add(connection);
      connection.once('end', () => this.#open.delete(connection));
      connection.on('error', (error) => {
        this.#open.delete(connection);
        if (!this.#lent.has(connection)) onIdleError(error);
      });
      for (const statement of sessionStatements(config))
        connection.query(statement, (error) => void (error === null || connection.destroy()));
    });
    const pool: MysqlPool = {
      getConnection: (callback) => this.#acquire(callback),
      end: (callback) => void this.#end().then(() => callback(undefined), callback),
    };
    this.dialect = new MysqlDialect({ pool });
  }

  /** Connections that are open and that are idle, and callers that wait for one. */
  state(): PoolState {
    const open = this.#open.size;
    return { open, idle: Math.max(0, open - this.#lent.size), waiting: this.#waiting };
  }

  /** The driver's pool lets callers wait for ever; here they are told after a while. */
  #acquire(callback: Acquired): void {
    let gaveUp = false;
    this.#waiting += 1;
    const limit = setTimeout(() => {
      gaveUp = true;
      this.#waiting -= 1;
      callback(this.#tooLate(), noConnection);
    }, this.#config.connectTimeout);
    this.#pool.getConnection((error, connection) => {
      if (gaveUp) return connection?.release();
      clearTimeout(limit);
      this.#waiting -= 1;
      if (error !== null) return callback(connectError(error), noConnection);
      this.#lent.add(connection);
      callback(undefined, this.#guard(connection));
    });
  }

  /** Either all connections are lent out, or a new one could not be made. */
  #tooLate(): DatabaseError {
    return this.#lent.size >= this.#config.poolMax
      ? new DatabaseError('pool', 'no database connection was free in time')
      : new DatabaseError('connection', 'no connection to the database was made in time');
  }

  #guard(connection: PoolConnection): MysqlPoolConnection {
    const known =
      this.#guarded.get(connection) ??
      guarded(connection, this.#config.statementTimeout, {
        onCut: () => {
          this.#open.delete(connection);
          this.#kill(connection.threadId);
        },
        onReturn: () => this.#returned(connection),
      });
    this.#guarded.set(connection, known);
    return known;
  }

  /**
   * Has the server end a session whose connection was closed: it does not look for that while a
   * statement waits, and the locks of the session would be held as long.
   */
  #kill(session: number): void {
    const killer = createConnection(clientConfig(this.#config));
    killer.on('error', () => killer.destroy());
    killer.query(`kill ${session}`, () => killer.destroy());
  }

  #returned(connection: PoolConnection): void {
    this.#lent.delete(connection);
    if (this.#lent.size === 0) this.#onLastReturned();
  }

  /** The driver's pool closes connections that are in use as well; here they are waited for. */
  async #end(): Promise<void> {
    if (this.#lent.size > 0)
      await new Promise<void>((resolve) => {
        this.#onLastReturned = resolve;
      });
    await new Promise<void>((resolve) => {
      this.#pool.end(() => resolve());
    });
  }
}
