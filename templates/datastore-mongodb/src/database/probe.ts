import type { MongoClient } from 'mongodb';
import { connectionTo } from './client.ts';
import type { DatabaseConfig } from './config.ts';

/** Somebody who asks for the service's readiness waits for it. */
const limitMs = 1000;

/**
 * Finds out whether the database can be used. It has a connection of its own: that those of requests
 * are busy says nothing about the database.
 */
export class Probe {
  readonly #client: MongoClient;

  constructor(config: DatabaseConfig) {
    const limits = { poolMax: 1, connectTimeout: limitMs, statementTimeout: limitMs };
    this.#client = connectionTo({ ...config, ...limits });
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.#client.db().command({ ping: 1 });
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
