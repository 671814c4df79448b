import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { serviceInfo } from '../service-info.ts';
import type { DatabaseConfig } from './config.ts';
import { Repository } from './repository.ts';
import type { Tables } from './tables.ts';
import { type UnitOfWork, unitOfWork } from './unit-of-work.ts';

/** The service's PostgreSQL database. */
export class Database {
  readonly config: DatabaseConfig;
  readonly kysely: Kysely<Tables>;
  /** Outside a transaction, for reading. */
  readonly repository: Repository;
  readonly #pool: pg.Pool;

  /** @param onIdleError is told of connections that break while no query runs on them. */
  constructor(config: DatabaseConfig, onIdleError: (error: Error) => void) {
    this.config = config;
    this.#pool = new pg.Pool({
      connectionString: config.url,
      max: config.poolMax,
      connectionTimeoutMillis: 3000,
      statement_timeout: config.statementTimeout,
      idle_in_transaction_session_timeout: config.statementTimeout,
      application_name: serviceInfo.name,
    });
    this.#pool.on('error', onIdleError);
    // The pool does not listen to a connection that is lent out; one that breaks between two queries
    // would end the process.
    this.#pool.on('connect', (client) => client.on('error', onIdleError));
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: this.#pool }) });
    this.repository = new Repository(this.kysely);
  }

  /** Runs work in one transaction: it commits when the work resolves, and is undone when it rejects. */
  transaction<T>(run: (work: UnitOfWork) => Promise<T>): Promise<T> {
    return this.inTransaction((transaction) => run(unitOfWork(transaction)));
  }

  /** The same for the service's own parts, which write to tables of theirs. */
  inTransaction<T>(run: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.kysely.transaction().execute(run);
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await sql`select 1`.execute(this.kysely);
  }

  /** Connections in use, idle, and callers waiting for one. */
  poolState(): { total: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** Waits for the connections in use and closes all. */
  close(): Promise<void> {
    return this.kysely.destroy();
  }
}
