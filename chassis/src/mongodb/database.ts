import { EventEmitter } from 'node:events';
import type { Collection, Db } from 'mongodb';
import { type UnitOptions, withinLimit } from '../store/index.ts';
import type { ClientOptions } from './client.ts';
import type { Observe } from './command-metrics.ts';
import type { MongoConfig } from './config.ts';
import { Connection } from './connection.ts';
import type { AggregateDocument, StoredDocument, VersionedAggregate } from './document.ts';
import { Documents } from './documents.ts';
import { withDatabaseErrors } from './driver-error.ts';
import type { Lease } from './lease.ts';
import { Probe } from './probe.ts';
import { Transaction } from './transaction.ts';
import { write } from './write.ts';

/** What the database tells those who watch it. */
interface DatabaseEvents {
  /** A unit of work was written. */
  committed: [];
}

/** What a service makes of its database. */
export interface DatabaseParts<Aggregate extends VersionedAggregate, Repository, Work> {
  /** Of the collection that has a document for each aggregate. */
  readonly collection: string;
  /** Makes the repository; outside a unit of work each change is written at once. */
  readonly repository: (documents: Documents<Aggregate>) => Repository;
  /** Makes what a unit of work is given. */
  readonly unitOfWork: (transaction: Transaction<Aggregate>) => Work;
}

/** How a database is connected to and watched. */
interface Options extends ClientOptions {
  readonly config: MongoConfig;
  readonly observe: Observe;
  /** What the pool of connections is called in metrics. */
  readonly pool: string;
}

/**
 * A service's MongoDB database. A unit of work changes one aggregate: all of it is written in one write of
 * one document, its events and the note of the event that it handles included, or nothing. So any MongoDB
 * will do, a single server as well as a replica set.
 */
export class MongoDatabase<
  Aggregate extends VersionedAggregate,
  Repository,
  Work,
> extends EventEmitter<DatabaseEvents> {
  /** A unit of work cannot change several aggregates. */
  readonly hasTransactions = false;
  /** An event is published if and only if its change is written. */
  readonly hasOutbox = true;
  readonly db: Db;
  readonly aggregates: Collection<StoredDocument>;
  /** Outside a unit of work. */
  readonly repository: Repository;
  readonly #options: Options;
  readonly #parts: DatabaseParts<Aggregate, Repository, Work>;
  readonly #connection: Connection;
  readonly #probe: Probe;
  readonly #documents: Collection<AggregateDocument<Aggregate>>;

  constructor(options: Options, parts: DatabaseParts<Aggregate, Repository, Work>) {
    super();
    this.#options = options;
    this.#parts = parts;
    this.#connection = new Connection(options);
    options.observe(options.pool, this.#connection.client);
    this.#probe = new Probe(options);
    this.db = this.#connection.db;
    this.aggregates = this.db.collection(parts.collection);
    this.#documents = this.db.collection(parts.collection);
    const atOnce = {
      pending: () => undefined,
      add: (change) => withDatabaseErrors(() => write(this.aggregates, change)),
    } satisfies ConstructorParameters<typeof Documents<Aggregate>>[1];
    this.repository = parts.repository(new Documents(this.#documents, atOnce));
  }

  /** Connects, which has to come before all else; see `Connection`. */
  connect(): Promise<void> {
    return this.#connection.connect();
  }

  /**
   * Runs work that changes one aggregate: all of it is written when the work resolves, and nothing when it
   * rejects, or is given up because nobody waits for it any more or it takes too long. What it read may
   * have changed meanwhile; then the write is refused, by the version.
   *
   * @throws SecondAggregateError when the work changes more than one aggregate.
   * @throws VersionConflictError, UnitOfWorkTimeoutError, DatabaseError
   */
  transaction<T>(run: (work: Work) => Promise<T>, options?: UnitOptions): Promise<T> {
    return this.inTransaction((_transaction, work) => run(work), options);
  }

  /** The same for the chassis' own parts, which keep something beside the aggregate. */
  async inTransaction<T>(
    run: (transaction: Transaction<Aggregate>, work: Work) => Promise<T>,
    { signal }: UnitOptions = {},
  ): Promise<T> {
    if (signal === undefined)
      return withinLimit(this.#options.config.transactionTimeout, (limit) =>
        this.inTransaction(run, { signal: limit }),
      );
    const transaction = new Transaction(this, this.#documents);
    const work = this.#parts.unitOfWork(transaction);
    return withDatabaseErrors(async () => {
      const result = await transaction.gate.during(signal, () => run(transaction, work));
      await transaction.commit();
      this.emit('committed');
      return result;
    });
  }

  /** The same database over connections of its own: what is slow with them takes no request's turn. */
  withPool(pool: string, poolMax: number): MongoDatabase<Aggregate, Repository, Work> {
    const { config, ...options } = this.#options;
    return new MongoDatabase({ ...options, pool, config: { ...config, poolMax } }, this.#parts);
  }

  /** A lock among the instances of the service. */
  lease(name: string): Lease {
    return this.#connection.lease(name);
  }

  /** Rejects when the database does not answer or takes no writes. Nothing is written to find out. */
  ping(): Promise<void> {
    return this.#probe.ping();
  }

  /** Closes all connections; what is in flight fails. */
  async close(): Promise<void> {
    await Promise.all([this.#connection.close(), this.#probe.close()]);
  }
}
