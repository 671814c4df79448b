import type { EventEmitter } from 'node:events';
import type { ChangeStream } from 'mongodb';
import type { WakeUps as Contract } from '../outbox/index.ts';
import type { Collections } from './inbox.ts';

/** What tells of each unit of work that was written. */
export type Writer = EventEmitter<{ committed: [] }>;

/**
 * Calls back whenever something may have been written to the outbox: by this instance, and in a replica
 * set, by a change stream, by any other. On a server without change streams the relay's own look once
 * a second finds what another instance left.
 */
export class WakeUps implements Contract {
  readonly #database: Collections;
  readonly #writers: readonly Writer[];
  readonly #wake: () => void;
  #stream: ChangeStream | undefined;
  #hasStreams: boolean | undefined;

  /**
   * @param database in which writes of others are heard of.
   * @param writers this instance's own.
   */
  constructor(database: Collections, writers: readonly Writer[], wake: () => void) {
    this.#database = database;
    this.#writers = writers;
    this.#wake = wake;
    for (const writer of writers) writer.on('committed', wake);
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
    for (const writer of this.#writers) writer.off('committed', this.#wake);
    await this.#stream?.close().catch(() => undefined);
  }

  /** Members of a replica set and routers of a sharded cluster have them. */
  async #hasChangeStreams(): Promise<boolean> {
    const hello = await this.#database.db.command({ hello: 1 });
    return 'setName' in hello || hello.msg === 'isdbgrid';
  }
}
