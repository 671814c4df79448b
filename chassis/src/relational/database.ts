import { EventEmitter } from 'node:events';
import { Kysely, type LogEvent, sql, type Transaction } from 'kysely';
import { type FailureKind, type UnitOptions, withinLimit } from '../store/index.ts';
import type {
  Commits,
  ConnectionConfig,
  Connections,
  PoolState,
  RelationalDialect,
} from './dialect.ts';
import type { NeededTables } from './needed-tables.ts';
import { PendingEvents } from './pending-events.ts';
import { Probe } from './probe.ts';
import { withChassisTables } from './tables.ts';
import { runInTransaction } from './transaction.ts';

/** What a database tells those who watch it. */
interface DatabaseEvents {
  /** A statement was answered or failed. */
  statement: [LogEvent];
  /** A transaction is done again, after a failure of that kind. */
  repeated: [FailureKind];
  /** A connection broke while no query ran on it. */
  idleError: [Error];
}

interface Pool<Tables> {
  readonly connections: Connections;
  readonly kysely: Kysely<Tables>;
}

/** Makes what a unit of work is given. @param events what it publishes; see `publisher`. */
export type MakeUnitOfWork<Tables, Work> = (
  transaction: Transaction<Tables>,
  events: PendingEvents,
) => Work;

/** What all pools of one database have in common. */
interface Shared<Tables, Work> {
  readonly dialect: RelationalDialect;
  readonly probe: Probe;
  /** Transactions that have committed, in whatever pool. */
  readonly commits: Commits;
  readonly unitOfWork: MakeUnitOfWork<Tables, Work>;
  /** What parts of the chassis need to be there. */
  readonly needed: Map<string, readonly string[]>;
}

/**
 * A service's own database, and one pool of connections to it.
 *
 * `Tables` are the service's as Kysely sees them, `Work` is what its units of work offer.
 */
export type RelationalDatabase<Tables, Work> = Pick<
  PooledDatabase<Tables, Work>,
  keyof PooledDatabase<Tables, Work>
>;

/** A database behind the dialect of its server. @param unitOfWork makes what a unit of work is given. */
export function relationalDatabase<Tables, Work>(
  dialect: RelationalDialect,
  config: ConnectionConfig,
  unitOfWork: MakeUnitOfWork<Tables, Work>,
): RelationalDatabase<Tables, Work> {
  const probe = new Probe(dialect, config);
  const commits: Commits = new EventEmitter();
  const shared = { dialect, probe, commits, unitOfWork, needed: new Map() };
  return new PooledDatabase(config, shared, true);
}

class PooledDatabase<Tables, Work> {
  /** What it tells those who watch it. */
  readonly events = new EventEmitter<DatabaseEvents>();
  readonly config: ConnectionConfig;
  readonly #shared: Shared<Tables, Work>;
  readonly #isFirst: boolean;
  #pool: Pool<Tables> | undefined;

  constructor(config: ConnectionConfig, shared: Shared<Tables, Work>, isFirst: boolean) {
    this.config = config;
    this.#shared = shared;
    this.#isFirst = isFirst;
  }

  /** The same database through connections of their own, so that what is slow there takes no turn here. */
  withPool(poolMax: number): RelationalDatabase<Tables, Work> {
    return new PooledDatabase({ ...this.config, poolMax }, this.#shared, false);
  }

  /** The same through one connection whose statements may take as long as they take. */
  withoutLimit(): RelationalDatabase<Tables, Work> {
    const config = { ...this.config, poolMax: 1, statementTimeout: 0 };
    return new PooledDatabase(config, this.#shared, false);
  }

  /** Outside a transaction, for reading. */
  get kysely(): Kysely<Tables> {
    this.#pool ??= this.#open();
    return this.#pool.kysely;
  }

  get dialect(): RelationalDialect {
    return this.#shared.dialect;
  }

  /** Tells of each transaction that has committed, in this pool or another of the same database. */
  get commits(): Commits {
    return this.#shared.commits;
  }

  /** The tables and columns that parts of the chassis need. */
  get needed(): NeededTables {
    return Object.fromEntries(this.#shared.needed);
  }

  /** Has the start of the service check that tables are there. */
  need(tables: NeededTables): void {
    for (const [table, columns] of Object.entries(tables)) this.#shared.needed.set(table, columns);
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
  transaction<T>(run: (work: Work) => Promise<T>, options?: UnitOptions): Promise<T> {
    return this.inTransaction((_transaction, work) => run(work), options);
  }

  /** The same for what writes to tables that are no unit of work's. */
  async inTransaction<T>(
    run: (transaction: Transaction<Tables>, work: Work) => Promise<T>,
    { signal }: UnitOptions = {},
  ): Promise<T> {
    if (signal === undefined)
      return withinLimit(this.config.transactionTimeout, (limit) =>
        this.inTransaction(run, { signal: limit }),
      );
    const { result, transaction } = await runInTransaction(
      this.kysely,
      (transaction) => this.#work(transaction, run, signal),
      signal,
      (kind) => this.events.emit('repeated', kind),
    );
    this.commits.emit('committed', withChassisTables(transaction));
    return result;
  }

  /** Runs work, and then writes what it has published. */
  async #work<T>(
    transaction: Transaction<Tables>,
    run: (transaction: Transaction<Tables>, work: Work) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { dialect, unitOfWork } = this.#shared;
    const events = new PendingEvents(signal);
    const work = unitOfWork(transaction, events);
    const { result, batches } = await events.during(() => run(transaction, work));
    const own = withChassisTables(transaction);
    for (const batch of batches) await dialect.outbox.append(own, batch);
    return result;
  }

  /** Rejects when the database does not answer or takes no writes. Nothing is written to find out. */
  ping(): Promise<void> {
    return this.#shared.probe.ping();
  }

  poolState(): PoolState {
    return this.#pool?.connections.state() ?? { open: 0, idle: 0, waiting: 0 };
  }

  /** Waits for the connections in use and closes all of this pool; the first pool's ends the others' probe. */
  async close(): Promise<void> {
    await Promise.all([
      this.#pool?.kysely.destroy(),
      ...(this.#isFirst ? [this.#shared.probe.close()] : []),
    ]);
  }

  /** When it is first needed: a driver's pool that was never used may not end, and so no script. */
  #open(): Pool<Tables> {
    const connections = this.#shared.dialect.connect(this.config, (error) =>
      this.events.emit('idleError', error),
    );
    const kysely = new Kysely<Tables>({
      dialect: connections.dialect,
      log: (event) => void this.events.emit('statement', event),
    });
    return { connections, kysely };
  }
}
