import { setTimeout as delay } from 'node:timers/promises';
import {
  Consumer,
  type Message,
  type MessagesStream,
  stringDeserializers,
} from '@platformatic/kafka';
import type { FastifyBaseLogger } from 'fastify';
import { serviceInfo } from '../service-info.ts';
import type { Delivery } from './bus.ts';
import type { KafkaConfig } from './config.ts';

type TextMessage = Message<string, string, string, string>;
type TextConsumer = Consumer<string, string, string, string>;
type TextStream = MessagesStream<string, string, string, string>;

/** A member of the group and what it reads. */
interface OpenStream {
  readonly consumer: TextConsumer;
  readonly stream: TextStream;
}

const pauseMs = 1000;

/**
 * Reads as a member of the service's consumer group. Partitions are handled side by side, each in
 * order; an offset is committed only after its event was handled. Whatever breaks the stream (a
 * broker that goes away, a delivery that could not even be dead-lettered) has it opened again from
 * the last commit.
 */
export class KafkaConsumer {
  readonly #config: KafkaConfig;
  readonly #log: FastifyBaseLogger;
  readonly #topics: readonly string[];
  readonly #handle: (delivery: Delivery) => Promise<void>;
  readonly #stopping = new AbortController();
  #stream: TextStream | undefined;
  #running: Promise<void> = Promise.resolve();
  #problem: Error | undefined;

  constructor(
    config: KafkaConfig,
    log: FastifyBaseLogger,
    topics: readonly string[],
    handle: (delivery: Delivery) => Promise<void>,
  ) {
    this.#config = config;
    this.#log = log;
    this.#topics = topics;
    this.#handle = handle;
  }

  /** Joins the group. Rejects when that fails; afterwards it keeps itself running. */
  async start(): Promise<void> {
    const opened = await this.#open();
    this.#running = this.#run(opened);
  }

  /** Throws while the stream is broken. */
  check(): void {
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** Takes no more events, waits for those that are being handled, and leaves the group. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#stream?.close().catch(() => undefined);
    await this.#running;
  }

  async #open(): Promise<OpenStream> {
    const consumer: TextConsumer = new Consumer({
      clientId: serviceInfo.name,
      groupId: serviceInfo.name,
      bootstrapBrokers: this.#config.brokers,
      deserializers: stringDeserializers,
      connectTimeout: 3000,
      retries: 3,
      autocommit: false,
      sessionTimeout: 10_000,
      rebalanceTimeout: 10_000,
      heartbeatInterval: 2000,
    });
    try {
      const stream = await consumer.consume({
        topics: [...this.#topics],
        mode: 'committed',
        fallbackMode: 'earliest',
      });
      this.#stream = stream;
      this.#problem = undefined;
      return { consumer, stream };
    } catch (error) {
      await consumer.close(true).catch(() => undefined);
      throw error;
    }
  }

  async #run(first: OpenStream): Promise<void> {
    let opened: OpenStream | undefined = first;
    while (!this.#stopping.signal.aborted) {
      try {
        opened ??= await this.#open();
        await this.#read(opened.stream);
      } catch (error) {
        if (this.#stopping.signal.aborted) break;
        this.#problem = error instanceof Error ? error : new Error(String(error));
        this.#log.warn({ err: error }, 'the event stream broke; opening it again');
        await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
      await opened?.consumer.close(true).catch(() => undefined);
      opened = undefined;
    }
    await opened?.consumer.close(true).catch(() => undefined);
  }

  /** Handles what the stream brings until it ends, partitions side by side. */
  async #read(stream: TextStream): Promise<void> {
    const lanes = new Map<string, Promise<void>>();
    const inFlight = new Set<Promise<void>>();
    let failure: unknown;
    try {
      for await (const message of stream) {
        const lane = `${message.topic}/${message.partition}`;
        const done = (lanes.get(lane) ?? Promise.resolve())
          .then(() => (failure === undefined ? this.#deal(message) : undefined))
          .catch((error: unknown) => {
            failure ??= error;
            // Do not wait for the next message: nothing may come.
            stream.destroy();
          })
          .finally(() => inFlight.delete(done));
        lanes.set(lane, done);
        inFlight.add(done);
        if (inFlight.size >= this.#config.concurrency) await Promise.race(inFlight);
      }
    } finally {
      await Promise.all(inFlight);
    }
    if (failure !== undefined) throw failure;
    if (!this.#stopping.signal.aborted) throw new Error('the event stream ended');
  }

  async #deal(message: TextMessage): Promise<void> {
    await this.#handle({ type: message.topic, body: message.value });
    await message.commit();
  }
}
