import type { ChangeStream } from 'mongodb';
import type { Database } from '../database/database.ts';

/**
 * Calls back whenever something may have been written to the outbox: by this instance, and in a replica
 * set, by a change stream, by any other. On a server without change streams the relay's own look once
 * a second finds what another instance left.
 */
export class WakeUps {
  readonly #database: Database;
  readonly #writers: readonly Database[];
  readonly #wake: () => void;
  #stream: ChangeStream | undefined;
  #hasStreams: boolean | undefined;

  /** @param databases whose writes are heard of; the first of them also tells of those of others. */
  constructor(databases: readonly [Database, ...Database[]], wake: () => void) {
    this.#database = databases[0];
    this.#writers = databases;
    this.#wake = wake;
    for (const database of databases) database.on('committed', wake);
  }

  /** Sees to it that writes are heard of from now on. */
  async listen(): Promise<void> {
    this.#hasStreams ??= await this.#hasChangeStreams();
    if (this.#stream !== undefined || !this.#hasStreams) return;
    const arrived = [
      { 'fullDocument.outbox': { $exists: true } },
      { 'updateDescription.updatedFields.outbox': { $exists: true } },
    ];
    const stream = this.#database.aggregates.watch(
      [{ $match: { $or: arrived } }, { $project: { _id: 1 } }],
      { maxAwaitTimeMS: 1000 },
    );
    stream.on('change', this.#wake);
    const forget = (): void => {
      this.#stream = undefined;
    };
    stream.on('error', forget);
    stream.on('close', forget);
    this.#stream = stream;
  }

  async stop(): Promise<void> {
    for (const database of this.#writers) database.off('committed', this.#wake);
    await this.#stream?.close().catch(() => undefined);
  }

  /** Members of a replica set and routers of a sharded cluster have them. */
  async #hasChangeStreams(): Promise<boolean> {
    const hello = await this.#database.db.command({ hello: 1 });
    return 'setName' in hello || hello.msg === 'isdbgrid';
  }
}
