import type { ChannelModel } from 'amqplib';
import { withTimeout } from '../resilience/index.ts';
import { quiet } from './link.ts';
import { type Partition, Turn } from './turn.ts';

/** A queue of which most members are gone does not answer. */
export const openMs = 10_000;

/**
 * Keeps this instance in the line of those that consume a queue, of which the server gives one at a
 * time its turn. When the turn is better left to another, it goes to the end of the line.
 */
export class Subscription {
  readonly partition: Partition;
  readonly #connection: ChannelModel;
  #turn: Turn | undefined;
  #moving: Promise<void> = Promise.resolve();
  #isOver = false;
  readonly #over = Promise.withResolvers<void>();

  constructor(connection: ChannelModel, partition: Partition) {
    this.#connection = connection;
    this.partition = partition;
  }

  /** How many messages came and are not yet handled. */
  get unacknowledged(): number {
    return this.#turn?.unacknowledged ?? 0;
  }

  async open(): Promise<void> {
    const channel = quiet(await this.#connection.createChannel());
    this.#turn = new Turn(channel, this.partition, () => {
      this.#moving = this.#leaveToOther();
    });
    if (this.#isOver) this.#turn.stop();
    await this.#turn.begin();
  }

  /** Begins nothing more, waits for what is being handled, and returns the rest to the queue. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#over.resolve();
    this.#turn?.stop();
    await this.#moving;
    await this.#turn?.end();
  }

  async #leaveToOther(): Promise<void> {
    try {
      await this.#turn?.end();
      await Promise.race([this.partition.held.room(), this.#over.promise]);
      if (!this.#isOver) await withTimeout(openMs, () => this.open());
    } catch (error) {
      this.partition.broke(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
