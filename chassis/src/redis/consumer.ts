import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { Lanes, type Message } from '../events/index.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { RedisConnection } from './connection.ts';
import { lagOf } from './lag.ts';
import { RedisLeases } from './leases.ts';
import { Loop } from './loop.ts';
import type { Partition } from './partition.ts';
import { type Delivery, RedisReader } from './reader.ts';

/** What a consumer needs to know and to use. */
export interface ConsumerOptions {
  readonly connection: RedisConnection;
  /** A connection for nothing but waiting; it is closed when consuming stops. */
  readonly waiting: RedisConnection;
  /** Tells this instance from the others of its service. */
  readonly instance: string;
  readonly group: string;
  readonly partitions: readonly Partition[];
  readonly inTheWorks: number;
  readonly log: FastifyBaseLogger;
  /** Creates topics that are not there, if that is allowed. */
  readonly createMissing: () => Promise<void>;
  readonly handle: (message: Message) => Promise<void>;
}

const renewEveryMs = 1000;
/** How long a message that was rejected waits before it is tried again. */
const againAfterMs = 1000;

/**
 * Consumes as one instance of the service's consumer group: reads the partitions whose leases it
 * holds, handles keys side by side and each in order, and acknowledges what is handled. What a former
 * owner of a partition left unhandled comes before anything new.
 */
export class RedisConsumer {
  readonly #options: ConsumerOptions;
  readonly #leases: RedisLeases;
  readonly #reader: RedisReader;
  readonly #acknowledgements: Acknowledgements;
  readonly #lanes: Lanes;
  readonly #renewing: Loop;
  readonly #reading: Loop;
  readonly #stopping = new AbortController();
  #joined = false;

  constructor(options: ConsumerOptions) {
    const { connection, waiting, instance, group, partitions, inTheWorks, log } = options;
    this.#options = options;
    this.#leases = new RedisLeases(connection, instance, group, partitions);
    this.#reader = new RedisReader(connection, waiting, group);
    this.#acknowledgements = new Acknowledgements(connection, group, log);
    this.#lanes = new Lanes(inTheWorks);
    this.#renewing = new Loop('renewing leases', (signal) => this.#renew(signal), log);
    this.#reading = new Loop('reading events', (signal) => this.#read(signal), log);
  }

  /** Joins the group. Rejects when that fails; afterwards it keeps itself running. */
  async start(): Promise<void> {
    await this.#join();
    this.#renewing.start();
    this.#reading.start();
  }

  /** Throws while it cannot consume. */
  check(): void {
    this.#renewing.check();
    this.#reading.check();
  }

  /** How many messages of each topic are not handled yet, in this instance's partitions. */
  lag(): Promise<ReadonlyMap<string, number>> {
    const { connection, partitions, group } = this.#options;
    const held = partitions.filter((partition) => this.#leases.holds(partition));
    return lagOf(connection, held, group);
  }

  /** Takes no more events, waits for those that are being handled, and leaves the group. */
  async stop(): Promise<void> {
    const { partitions, log } = this.#options;
    this.#stopping.abort();
    for (const partition of partitions) partition.leave();
    const ended = this.#reading.stop();
    this.#reader.close();
    await ended;
    await this.#lanes.idle();
    await this.#acknowledgements.send(partitions);
    await this.#renewing.stop();
    await this.#leases.leave().catch((error: unknown) => {
      log.warn({ err: error }, 'leases were not given back; they end by themselves');
    });
  }

  /** Breaks off what is being waited for. */
  close(): void {
    this.#reader.close();
  }

  async #join(): Promise<void> {
    await this.#options.createMissing();
    await this.#reader.createGroups(this.#options.partitions);
    await this.#renewLeases();
    this.#joined = true;
  }

  #renewLeases(): Promise<void> {
    return this.#leases.renew(!this.#stopping.signal.aborted);
  }

  async #renew(signal: AbortSignal): Promise<void> {
    await this.#renewLeases();
    // What could not be acknowledged before, and what was trimmed before it was handled.
    void this.#acknowledgements.send(this.#options.partitions);
    await delay(renewEveryMs, undefined, { signal });
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { partitions } = this.#options;
    try {
      if (!this.#joined) await this.#join();
      const held = partitions.filter((partition) => this.#leases.holds(partition));
      const deliveries = await this.#reader.read(held, this.#leases.value);
      for (const delivery of deliveries) {
        const { key, body } = delivery.message;
        await this.#lanes.add(key, body.length, () => this.#handle(delivery));
      }
      if (deliveries.length === 0) await this.#reader.wait(held, signal);
    } catch (error) {
      // The server may have forgotten everything, or given out entries in an answer that was lost.
      this.#joined = false;
      this.#leases.startSession();
      for (const partition of partitions) partition.restart();
      throw error;
    }
  }

  async #handle({ partition, id, message }: Delivery): Promise<void> {
    if (!this.#leases.holds(partition) || !partition.begin(id)) return;
    const { handle, log } = this.#options;
    for (let first = true; ; first = false) {
      try {
        await handle(message);
        partition.end(id);
        void this.#acknowledgements.send([partition]);
        return;
      } catch (error) {
        if (first && !this.#stopping.signal.aborted)
          log.warn({ err: error, topic: message.topic, id }, 'an event has to come again');
      }
      const { signal } = this.#stopping;
      await delay(againAfterMs, undefined, { signal }).catch(() => undefined);
      if (!this.#leases.holds(partition)) return partition.forget(id);
    }
  }
}
