import type { FastifyInstance } from 'fastify';
import { Changes, immediately } from './changes.ts';
import type { DatabaseConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { type UnitOptions, withinLimit } from './giving-up.ts';
import { Repository } from './repository.ts';
import type { Row } from './row.ts';
import { store } from './store.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Makes what a unit of work is given. */
export type MakeWork = (
  repository: Repository,
  changes: Changes,
  app: FastifyInstance,
) => UnitOfWork;

/** The service's ClickHouse database, by the calls that any datastore would have. */
export class Database {
  readonly connection: Connection;
  readonly #transactionTimeout: number;
  /** Outside a unit of work: each change is stored at once. */
  readonly repository: Repository;
  readonly #workOn: (repository: Repository, changes: Changes) => UnitOfWork;

  /** @param workOn makes what a unit of work is given. */
  constructor(
    connection: Connection,
    { transactionTimeout }: Pick<DatabaseConfig, 'transactionTimeout'>,
    workOn: (repository: Repository, changes: Changes) => UnitOfWork,
  ) {
    this.connection = connection;
    this.#transactionTimeout = transactionTimeout;
    this.repository = new Repository(connection, immediately(connection));
    this.#workOn = workOn;
  }

  /**
   * Stores what the work changed in one insert when it resolves, and nothing when it rejects or is
   * given up because nobody waits for it any more or it takes too long.
   * ClickHouse has no transactions: see `store` for what holds when others change the same.
   */
  transaction<T>(run: (work: UnitOfWork) => Promise<T>, options?: UnitOptions): Promise<T> {
    return this.carryOut(new Changes(), run, (rows) => store(this.connection, rows), options);
  }

  /** The same with another way to store. */
  async carryOut<T>(
    changes: Changes,
    run: (work: UnitOfWork) => Promise<T>,
    storeRows: (rows: readonly Row[]) => Promise<void>,
    { signal }: UnitOptions = {},
  ): Promise<T> {
    if (signal === undefined)
      return withinLimit(this.#transactionTimeout, (limit) =>
        this.carryOut(changes, run, storeRows, { signal: limit }),
      );
    const work = this.#workOn(new Repository(this.connection, changes), changes);
    const result = await changes.gate.during(signal, () => run(work));
    await storeRows(changes.rows);
    for (const task of changes.afterwards) await task();
    return result;
  }

  /** Rejects when the database does not answer. */
  ping(): Promise<void> {
    return this.connection.ping();
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
