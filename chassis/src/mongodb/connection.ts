import type { Db, MongoClient } from 'mongodb';
import { type ClientOptions, connectionTo } from './client.ts';
import { Lease } from './lease.ts';

/** Connections to one database, and the locks that its users share. */
export class Connection {
  readonly client: MongoClient;
  readonly db: Db;
  readonly #leases = new Map<string, Lease>();

  constructor(options: ClientOptions) {
    this.client = connectionTo(options);
    this.db = this.client.db();
  }

  /**
   * Connects, which has to come before all else: a client that the driver connects by itself, at its
   * first command, stays closed for good when that fails.
   */
  async connect(): Promise<void> {
    await this.client.connect();
  }

  /** A lock among the instances of the service. */
  lease(name: string): Lease {
    const lease = this.#leases.get(name) ?? new Lease(this.db.collection('leases'), name);
    this.#leases.set(name, lease);
    return lease;
  }

  /** Closes all connections; what is in flight fails. */
  close(): Promise<void> {
    return this.client.close();
  }
}
