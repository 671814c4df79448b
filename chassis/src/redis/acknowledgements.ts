import { setImmediate } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { RedisConnection } from './connection.ts';
import type { Partition } from './partition.ts';

/** Tells the server what is handled, a partition at a time; what ends meanwhile goes out together. */
export class Acknowledgements {
  readonly #connection: RedisConnection;
  readonly #group: string;
  readonly #log: FastifyBaseLogger;
  readonly #underWay = new Map<Partition, Promise<void>>();

  constructor(connection: RedisConnection, group: string, log: FastifyBaseLogger) {
    this.#connection = connection;
    this.#group = group;
    this.#log = log;
  }

  /** Resolves when all that is handled of these is acknowledged, or failed to be for now. */
  async send(partitions: readonly Partition[]): Promise<void> {
    await Promise.all(partitions.map((partition) => this.#sendAll(partition)));
  }

  #sendAll(partition: Partition): Promise<void> | undefined {
    const underWay = this.#underWay.get(partition);
    if (underWay !== undefined || partition.handled.length === 0) return underWay;
    const sent = this.#untilNoneIsLeft(partition);
    this.#underWay.set(partition, sent);
    return sent;
  }

  async #untilNoneIsLeft(partition: Partition): Promise<void> {
    try {
      // What is handled in one transaction ends at the same moment.
      await setImmediate();
      for (let ids = partition.handled; ids.length > 0; ids = partition.handled) {
        const handled = ids;
        await this.#connection.run((client) => client.xAck(partition.stream, this.#group, handled));
        for (const id of handled) partition.forget(id);
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'handled events are not acknowledged yet; trying again');
    } finally {
      this.#underWay.delete(partition);
    }
  }
}
