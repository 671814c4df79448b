import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { FastifyBaseLogger } from 'fastify';
import type { Message } from '../events/bus/bus.ts';
import type { Lanes } from '../events/bus/lanes.ts';
import { closed } from './link.ts';
import { messageFrom } from './message.ts';

/** The queue of one partition, and what becomes of its messages. */
export interface Partition {
  readonly topic: string;
  readonly queue: string;
  /** How many messages the server hands out before it waits for one to be handled. */
  readonly prefetch: number;
  readonly lanes: Lanes;
  readonly log: FastifyBaseLogger;
  handle(message: Message): Promise<void>;
  /** Whether it falls to this instance when all that consume the topic share its partitions. */
  isMine(): boolean;
  /** Hears why messages come no more. */
  broke(error: Error): void;
}

/** Before a message that was rejected is tried again. */
const pauseMs = 1000;
/** How long a turn lasts at least, should the instances not agree on whose it is. */
const shortestMs = 1000;

/**
 * This instance's turn at a queue, on a channel of its own: when that is closed, all that is not
 * acknowledged is back in the queue, in its order, and the server gives the next instance its turn.
 */
export class Turn {
  readonly #channel: Channel;
  readonly #partition: Partition;
  readonly #leaveToOther: () => void;
  readonly #since = performance.now();
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #unacknowledged = 0;

  /** @param leaveToOther is called when the turn had better be another instance's. */
  constructor(channel: Channel, partition: Partition, leaveToOther: () => void) {
    this.#channel = channel;
    this.#partition = partition;
    this.#leaveToOther = leaveToOther;
  }

  /** How many messages came and are not yet handled. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  /** Waits in line; messages come once those who came before are gone. */
  async begin(): Promise<void> {
    let cause = new Error('the connection broke');
    this.#channel.once('error', (error) => {
      cause = error;
    });
    this.#channel.once('close', () => {
      if (!this.#ending.signal.aborted) this.#partition.broke(cause);
      this.stop();
    });
    await this.#channel.prefetch(this.#partition.prefetch);
    await this.#channel.consume(this.#partition.queue, (delivery) => this.#take(delivery));
  }

  /** Begins to handle nothing more. */
  stop(): void {
    this.#ending.abort();
  }

  /** Waits for what is being handled, and returns the rest to the queue. */
  async end(): Promise<void> {
    this.stop();
    await Promise.all(this.#running);
    await closed(this.#channel);
  }

  #take(delivery: ConsumeMessage | null): void {
    const { topic, queue, lanes, isMine, broke } = this.#partition;
    if (this.#ending.signal.aborted) return;
    if (delivery === null) {
      broke(new Error(`the server ended the subscription to ${queue}`));
    } else if (performance.now() - this.#since > shortestMs && !isMine()) {
      this.#leaveToOther();
    } else {
      this.#unacknowledged += 1;
      const message = messageFrom(topic, delivery);
      // Not awaited: the prefetch bounds how many there are.
      void lanes.add(message.key, message.body.length, async () => {
        const run = this.#handle(delivery, message);
        this.#running.add(run);
        await run;
        this.#running.delete(run);
      });
    }
  }

  /** Tries until the message is handled or the turn is over; those of its key wait behind it. */
  async #handle(delivery: ConsumeMessage, message: Message): Promise<void> {
    const { handle, log } = this.#partition;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await handle(message);
        return this.#acknowledge(delivery);
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error }, 'an event was not handled; it comes again');
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #acknowledge(delivery: ConsumeMessage): void {
    try {
      this.#channel.ack(delivery);
      this.#unacknowledged -= 1;
    } catch {
      // The channel broke meanwhile, so that the message comes again.
    }
  }
}
