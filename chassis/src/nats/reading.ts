import { setTimeout as delay } from 'node:timers/promises';
import { type Consumer, type ConsumerMessages, DeliverPolicy } from '@nats-io/jetstream';
import type { FastifyBaseLogger } from 'fastify';
import type { Lanes, Message } from '../events/index.ts';
import { type Handled, mostAhead } from './handled.ts';
import { messageFrom } from './message.ts';
import { ReadAhead } from './read-ahead.ts';
import type { Session } from './session.ts';
import { averageBytes, partitionSubject, streamOf } from './streams.ts';

/** What every partition is consumed with. */
export interface Consuming {
  readonly session: Session;
  readonly lanes: Lanes;
  readonly log: FastifyBaseLogger;
  readonly handle: (message: Message) => Promise<void>;
}

/** Before a message that was rejected is tried again, and before reading that broke goes on. */
const pauseMs = 1000;
/** The server forgets a reader that has asked for nothing for so long. */
const forgottenAfterMs = 60_000;

/** Of whom a reading asks whether it may begin, and whom it tells what it has done. */
export interface Reader {
  /** Whether it is still sure that nobody else reads the partition. */
  isSure(): boolean;
  progressed(): void;
}

/**
 * Reads a partition from some message on, and has its messages handled: keys side by side, each in its
 * order. The server keeps nothing of it, so that nothing is lost when it ends.
 */
export class Reading {
  readonly #topic: string;
  readonly #partition: number;
  readonly #consuming: Consuming;
  readonly #handled: Handled;
  readonly #reader: Reader;
  readonly #ending = new AbortController();
  /** Up to where messages may have been in the works before, and how many more of them. */
  readonly #doubtfulUpTo: number;
  #doubtful = mostAhead;
  #running = 0;
  #last: number;
  #consumer: Consumer | undefined;
  #messages: ConsumerMessages | undefined;
  #ahead: ReadAhead | undefined;

  constructor(
    topic: string,
    partition: number,
    consuming: Consuming,
    handled: Handled,
    reader: Reader,
    doubtfulUpTo: number,
  ) {
    this.#doubtfulUpTo = doubtfulUpTo;
    this.#topic = topic;
    this.#partition = partition;
    this.#consuming = consuming;
    this.#handled = handled;
    this.#reader = reader;
    this.#last = handled.upTo;
  }

  /** Whether nothing of the partition is being handled. */
  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** Whether it was told to begin nothing more, which is for good. */
  get isStopped(): boolean {
    return this.#ending.signal.aborted;
  }

  /** How many messages of the partition are not handled. */
  async lag(): Promise<number> {
    const notRead = (await this.#consumer?.info())?.num_pending ?? 0;
    const messages = this.#messages;
    const notTaken = messages === undefined ? 0 : messages.getReceived() - messages.getProcessed();
    return notRead + notTaken + this.#handled.open;
  }

  /** Begins nothing more. */
  stop(): void {
    this.#ending.abort();
    this.#messages?.stop();
  }

  /** Reads until it is stopped, whatever breaks meanwhile. */
  async run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        while (await this.#read());
      } catch (error) {
        this.#consuming.log.warn({ err: error }, 'a partition cannot be read; trying again');
      }
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns whether to go on at once, as messages have become larger or smaller. */
  async #read(): Promise<boolean> {
    const { session, lanes } = this.#consuming;
    this.#ahead ??= new ReadAhead(await averageBytes(session, this.#topic));
    this.#consumer = await session.js.consumers.get(streamOf(this.#topic), {
      filter_subjects: partitionSubject(this.#topic, this.#partition),
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#last + 1,
      inactive_threshold: forgottenAfterMs,
    });
    const asked = this.#ahead.messages;
    this.#messages = await this.#consumer.consume({ max_messages: asked });
    for await (const message of this.#messages) {
      if (this.#ending.signal.aborted) return false;
      const { seq } = message;
      this.#last = seq;
      if (!this.#handled.begin(seq)) continue;
      const redelivered = seq <= this.#doubtfulUpTo && this.#doubtful > 0;
      const read = { ...messageFrom(this.#topic, message), redelivered };
      this.#doubtful -= 1;
      await lanes.add(read.key, read.body.length, () => this.#work(seq, read));
      await this.#handled.room();
      this.#ahead.saw(read.body.length);
      // What was read ahead and is not in the works is read again.
      if (this.#ahead.isFarFrom(asked)) return true;
    }
    return false;
  }

  async #work(seq: number, message: Message): Promise<void> {
    if (!this.#reader.isSure()) return;
    this.#running += 1;
    try {
      await this.#untilHandled(seq, message);
    } finally {
      this.#running -= 1;
    }
  }

  /** Tries until the message is handled or is left to the next reader; those of its key wait behind it. */
  async #untilHandled(seq: number, message: Message): Promise<void> {
    const { handle, log } = this.#consuming;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await handle(message);
        this.#handled.end(seq);
        return this.#reader.progressed();
      } catch (error) {
        if (!signal.aborted)
          log.warn({ err: error, topic: this.#topic }, 'an event was not handled; it comes again');
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
