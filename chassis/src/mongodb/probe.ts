import type { MongoClient } from 'mongodb';
import { DatabaseError } from '../store/index.ts';
import { type ClientOptions, connectionTo } from './client.ts';

/** Somebody who asks for the service's readiness waits for it. */
const limitMs = 1000;

/**
 * Finds out whether the database can be used. It has a connection of its own: that those of requests
 * are busy says nothing about the database.
 */
export class Probe {
  readonly #client: MongoClient;

  constructor({ service, config }: ClientOptions) {
    const limits = { poolMax: 1, connectTimeout: limitMs, statementTimeout: limitMs };
    this.#client = connectionTo({ service, config: { ...config, ...limits } });
  }

  /** Rejects when the database does not answer or takes no writes. Nothing is written to find out. */
  async ping(): Promise<void> {
    // Does nothing once that has worked; without it a first command that fails closes the client for good.
    await this.#client.connect();
    const { isWritablePrimary, readOnly } = await this.#client.db().command({ hello: 1 });
    if (isWritablePrimary === true && readOnly !== true) return;
    throw new DatabaseError('read-only', 'the database is read-only');
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
