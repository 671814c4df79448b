import { Kysely } from 'kysely';
import type { ConnectionConfig, RelationalDialect } from './dialect.ts';
import type { ChassisTables } from './tables.ts';

/** Somebody who asks for the service's readiness waits for it. */
const limitMs = 1000;

/**
 * Finds out whether the database can be used. It has a connection of its own: that those of requests
 * are busy, or wait for locks, says nothing about the database.
 */
export class Probe {
  readonly #dialect: RelationalDialect;
  readonly #config: ConnectionConfig;
  #kysely: Kysely<ChassisTables> | undefined;

  constructor(dialect: RelationalDialect, config: ConnectionConfig) {
    const limits = { poolMax: 1, connectTimeout: limitMs, statementTimeout: limitMs };
    this.#dialect = dialect;
    this.#config = { ...config, ...limits };
  }

  /** Rejects when the database does not answer or takes no writes. Nothing is written to find out. */
  ping(): Promise<void> {
    this.#kysely ??= this.#open();
    return this.#dialect.requireWritable(this.#kysely);
  }

  /** When it is first needed: Kysely does not close a pool that it has never used, and a script would not end. */
  #open(): Kysely<ChassisTables> {
    const { dialect } = this.#dialect.connect(this.#config, () => undefined);
    return new Kysely({ dialect });
  }

  async close(): Promise<void> {
    await this.#kysely?.destroy();
  }
}
