import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { FastifyBaseLogger } from 'fastify';
import type { Lanes, Message } from '../events/index.ts';
import type { Held } from './held.ts';
import { closed } from './link.ts';
import { messageFrom } from './message.ts';

/** The queue of one partition, and what becomes of its messages. */
export interface Partition {
  readonly topic: string;
  readonly queue: string;
  /** What is held of all partitions together. */
  readonly held: Held;
  readonly lanes: Lanes;
  readonly log: FastifyBaseLogger;
  handle(message: Message): Promise<void>;
  /** Whether it falls to this instance when all that consume the topic share its partitions. */
  isMine(): boolean;
  /** Hears why messages come no more. */
  broke(error: Error): void;
}

/** A message that came, and how many bytes its body has. */
interface Arrived {
  readonly delivery: ConsumeMessage;
  readonly message: Message;
  readonly bytes: number;
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
  /** Messages that came and have no place in the lanes yet, in their order. */
  readonly #arrived: Arrived[] = [];
  #isPassingOn = false;
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
    await this.#channel.prefetch(this.#partition.held.prefetch);
    await this.#channel.consume(this.#partition.queue, (delivery) => this.#take(delivery));
  }

  /** Begins to handle nothing more. */
  stop(): void {
    this.#ending.abort();
    for (const { bytes } of this.#arrived.splice(0)) this.#partition.held.remove(bytes);
  }

  /** Waits for what is being handled, and returns the rest to the queue. */
  async end(): Promise<void> {
    this.stop();
    await Promise.all(this.#running);
    await closed(this.#channel);
  }

  #take(delivery: ConsumeMessage | null): void {
    const { topic, queue, held, isMine, broke } = this.#partition;
    if (this.#ending.signal.aborted) return;
    if (delivery === null) {
      broke(new Error(`the server ended the subscription to ${queue}`));
    } else if (performance.now() - this.#since > shortestMs && !isMine()) {
      this.#leaveToOther();
    } else {
      this.#unacknowledged += 1;
      const bytes = delivery.content.length;
      held.add(bytes);
      this.#arrived.push({ delivery, message: messageFrom(topic, delivery), bytes });
      if (!this.#isPassingOn) void this.#passOn();
      if (held.isFull) this.#leaveToOther();
    }
  }

  /** Gives the messages that came their places, in their order, as there is room. */
  async #passOn(): Promise<void> {
    const { lanes, held } = this.#partition;
    this.#isPassingOn = true;
    for (let next = this.#arrived.shift(); next !== undefined; next = this.#arrived.shift()) {
      const { delivery, message, bytes } = next;
      await lanes.add(message.key, bytes, async () => {
        const run = this.#handle(delivery, message);
        this.#running.add(run);
        await run;
        this.#running.delete(run);
        held.remove(bytes);
      });
    }
    this.#isPassingOn = false;
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
