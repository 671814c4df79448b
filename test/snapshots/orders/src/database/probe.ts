import { Kysely } from 'kysely';
import type { DatabaseConfig } from './config.ts';
import { Connections } from './connections.ts';
import { requireWritable } from './writable.ts';

/** Somebody who asks for the service's readiness waits for it. */
const limitMs = 1000;

/**
 * Finds out whether the database can be used. It has a connection of its own: that those of requests
 * are busy, or wait for locks, says nothing about the database.
 */
export class Probe {
  readonly #kysely: Kysely<unknown>;

  constructor(config: DatabaseConfig) {
    const limits = { poolMax: 1, connectTimeout: limitMs, statementTimeout: limitMs };
    const { dialect } = new Connections({ ...config, ...limits }, () => undefined);
    this.#kysely = new Kysely({ dialect });
  }

  /** Rejects when the database does not answer or takes no writes. Nothing is written to find out. */
  ping(): Promise<void> {
    return requireWritable(this.#kysely);
  }

  close(): Promise<void> {
    return this.#kysely.destroy();
  }
}
