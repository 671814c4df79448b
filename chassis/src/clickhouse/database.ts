import { type UnitOptions, withinLimit } from '../store/index.ts';
import { Changes, immediately, type Source } from './changes.ts';
import type { ClickHouseConfig } from './config.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { type NewRows, store } from './store.ts';

/** What a service makes of its database. */
export interface DatabaseParts<Repository, Work> {
  /** Makes the repository, or an object of several: outside a unit of work each change is stored at once. */
  readonly repository: (source: Source) => Repository;
  /** Makes what a unit of work is given. */
  readonly unitOfWork: (changes: Changes) => Work;
}

/** How a database is connected to, and how long a unit of work may take. */
interface Options extends ConnectionOptions {
  readonly config: ClickHouseConfig;
}

/**
 * A service's ClickHouse database. It has no transactions and no outbox: what a unit of work adds to one
 * table is one insert, stored as a whole or not at all, and `store` says what holds when others change the
 * same. The inserts of two tables are two.
 */
export class ClickHouseDatabase<Repository, Work> {
  /** A unit of work that changes several aggregates may be refused in part. */
  readonly hasTransactions = false;
  /** An event of a request that is published may be lost when the process dies. */
  readonly hasOutbox = false;
  readonly connection: Connection;
  /** Outside a unit of work. */
  readonly repository: Repository;
  readonly #options: Options;
  readonly #parts: DatabaseParts<Repository, Work>;

  constructor(options: Options, parts: DatabaseParts<Repository, Work>) {
    this.#options = options;
    this.#parts = parts;
    this.connection = new Connection(options);
    this.repository = parts.repository(immediately(this.connection));
  }

  /**
   * Stores what the work changed when it resolves, and nothing when it rejects or is given up because
   * nobody waits for it any more or it takes too long.
   *
   * @throws VersionConflictError, UnitOfWorkTimeoutError, DatabaseError
   */
  transaction<T>(run: (work: Work) => Promise<T>, options?: UnitOptions): Promise<T> {
    const storeRows = (added: NewRows): Promise<void> => store(this.connection, added);
    return this.carryOut(new Changes(this.connection), run, storeRows, options);
  }

  /** The same with another way to store. */
  async carryOut<T>(
    changes: Changes,
    run: (work: Work) => Promise<T>,
    storeRows: (added: NewRows) => Promise<void>,
    { signal }: UnitOptions = {},
  ): Promise<T> {
    if (signal === undefined)
      return withinLimit(this.#options.config.transactionTimeout, (limit) =>
        this.carryOut(changes, run, storeRows, { signal: limit }),
      );
    const work = this.#parts.unitOfWork(changes);
    const result = await changes.gate.during(signal, () => run(work));
    for (const added of changes.added) await storeRows(added);
    for (const task of changes.afterwards) await task();
    return result;
  }

  /** The same database over connections of its own: what is slow with them takes no request's turn. */
  withPool(): ClickHouseDatabase<Repository, Work> {
    return new ClickHouseDatabase(this.#options, this.#parts);
  }

  /** ClickHouse is spoken to over HTTP: there is nothing to open. */
  async connect(): Promise<void> {}

  /** Rejects when the server does not answer or takes no writes. */
  ping(): Promise<void> {
    return this.connection.ping();
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
