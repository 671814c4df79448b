import { EventEmitter } from 'node:events';
import type { Collection, Db, MongoClient } from 'mongodb';
import { connectionTo } from './client.ts';
import type { DatabaseConfig } from './config.ts';
import type { AggregateDocument } from './document.ts';
import { type UnitOptions, withinLimit } from './giving-up.ts';
import { Lease } from './lease.ts';
import { Probe } from './probe.ts';
import { Repository } from './repository.ts';
import { Transaction } from './transaction.ts';
import { type UnitOfWork, unitOfWork } from './unit-of-work.ts';
import { write } from './write.ts';

/** What the database tells those who watch it. */
interface DatabaseEvents {
  /** A unit of work was written. */
  committed: [];
}

/** The service's MongoDB database. */
export class Database extends EventEmitter<DatabaseEvents> {
  readonly config: DatabaseConfig;
  readonly client: MongoClient;
  readonly db: Db;
  readonly aggregates: Collection<AggregateDocument>;
  /** Outside a unit of work: each change is written at once. */
  readonly repository: Repository;
  readonly #probe: Probe;
  readonly #leases = new Map<string, Lease>();

  constructor(config: DatabaseConfig) {
    super();
    this.config = config;
    this.client = connectionTo(config);
    this.#probe = new Probe(config);
    this.db = this.client.db();
    this.aggregates = this.db.collection('__service_snake__');
    this.repository = new Repository(this.aggregates, {
      pending: () => undefined,
      add: (change) => write(this.aggregates, change),
    });
  }

  /**
   * Connects, which has to come before all else: a client that the driver connects by itself, at its
   * first command, stays closed for good when that fails.
   */
  async connect(): Promise<void> {
    await this.client.connect();
  }

  /**
   * Runs work that changes one aggregate: all of it is written when the work resolves, in one write
   * of one document, and nothing when it rejects, or is given up because nobody waits for it any more
   * or it takes too long. What it read may have changed meanwhile; then the write is refused, by the
   * version.
   *
   * @throws SecondAggregateError when the work changes more than one aggregate.
   */
  transaction<T>(run: (work: UnitOfWork) => Promise<T>, options?: UnitOptions): Promise<T> {
    return this.inTransaction((transaction) => run(unitOfWork(transaction)), options);
  }

  /** The same for the service's own parts, which keep something beside the aggregate. */
  async inTransaction<T>(
    run: (transaction: Transaction) => Promise<T>,
    { signal }: UnitOptions = {},
  ): Promise<T> {
    if (signal === undefined)
      return withinLimit(this.config.transactionTimeout, (limit) =>
        this.inTransaction(run, { signal: limit }),
      );
    const transaction = new Transaction(this);
    const result = await transaction.gate.during(signal, () => run(transaction));
    await transaction.commit();
    this.emit('committed');
    return result;
  }

  /** A lock among the instances of the service. */
  lease(name: string): Lease {
    const lease = this.#leases.get(name) ?? new Lease(this.db.collection('leases'), name);
    this.#leases.set(name, lease);
    return lease;
  }

  /** Rejects when the database does not answer or takes no writes. Nothing is written to find out. */
  ping(): Promise<void> {
    return this.#probe.ping();
  }

  /** Closes all connections; what is in flight fails. */
  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.#probe.close()]);
  }
}
