import { EventEmitter } from 'node:events';
import { Kysely, type LogEvent, sql, type Transaction } from 'kysely';
import type { DatabaseConfig } from './config.ts';
import { Connections } from './connections.ts';
import type { FailureKind } from './database-error.ts';
import { type UnitOptions, withinLimit } from './giving-up.ts';
import { Probe } from './probe.ts';
import { Repository } from './repository.ts';
import type { Tables } from './tables.ts';
import { runInTransaction } from './transaction.ts';
import { type UnitOfWork, unitOfWork } from './unit-of-work.ts';

/** What the database tells those who watch it. */
interface DatabaseEvents {
  /** A statement was answered or failed. */
  statement: [LogEvent];
  committed: [Transaction<Tables>];
  /** A transaction is done again, after a failure of that kind. */
  repeated: [FailureKind];
  /** A connection broke while no query ran on it. */
  idleError: [Error];
}

/** Makes the unit of work of a transaction; one that publishes asks how much the bus carries. */
const makeWork: (transaction: Transaction<Tables>, database: Database) => UnitOfWork = unitOfWork;

/** The service's own database. */
export class Database extends EventEmitter<DatabaseEvents> {
  readonly config: DatabaseConfig;
  readonly kysely: Kysely<Tables>;
  /** Outside a transaction, for reading. */
  readonly repository: Repository;
  readonly #connections: Connections;
  readonly #probe: Probe;

  constructor(config: DatabaseConfig) {
    super();
    this.config = config;
    this.#connections = new Connections(config, (error) => this.emit('idleError', error));
    this.kysely = new Kysely<Tables>({
      dialect: this.#connections.dialect,
      log: (event) => void this.emit('statement', event),
    });
    this.repository = new Repository(this.kysely);
    this.#probe = new Probe(config);
  }

  /** Opens a first connection, so that a limit of the server's shows at the start. */
  async connect(): Promise<void> {
    await sql`select 1`.execute(this.kysely);
  }

  /**
   * Runs work in one transaction: it commits when the work resolves, and is undone when it rejects, or
   * is given up because nobody waits for it any more or it takes too long. From then on the work can
   * have no effect, whatever it still does.
   *
   * Work that was undone because of a deadlock, a conflict of transactions or a lost connection is
   * done again, up to twice: it must change nothing but this database.
   */
  transaction<T>(run: (work: UnitOfWork) => Promise<T>, options?: UnitOptions): Promise<T> {
    return this.inTransaction((_transaction, work) => run(work), options);
  }

  /** The same for the service's own parts, which write to tables of theirs. */
  async inTransaction<T>(
    run: (transaction: Transaction<Tables>, work: UnitOfWork) => Promise<T>,
    { signal }: UnitOptions = {},
  ): Promise<T> {
    if (signal === undefined)
      return withinLimit(this.config.transactionTimeout, (limit) =>
        this.inTransaction(run, { signal: limit }),
      );
    const { result, transaction } = await runInTransaction(
      this.kysely,
      (transaction) => run(transaction, makeWork(transaction, this)),
      signal,
      (kind) => this.emit('repeated', kind),
    );
    this.emit('committed', transaction);
    return result;
  }

  /** Rejects when the database does not answer or takes no writes. Nothing is written to find out. */
  ping(): Promise<void> {
    return this.#probe.ping();
  }

  /** Connections that are open and that are idle, and callers that wait for one. */
  poolState(): { open: number; idle: number; waiting: number } {
    return this.#connections.state();
  }

  /** Waits for the connections in use and closes all. */
  async close(): Promise<void> {
    await Promise.all([this.kysely.destroy(), this.#probe.close()]);
  }
}
