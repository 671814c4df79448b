import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { BusConfig, BusOptions, EventBus, Message, Outcome, Topics } from '../events/index.ts';
import type { RedisConfig } from './config.ts';
import { RedisConnection } from './connection.ts';
import { RedisConsumer } from './consumer.ts';
import { readLetters, removeLetter } from './dead-letters.ts';
import { Partition } from './partition.ts';
import { RedisPublisher } from './publisher.ts';
import { warnOfLoss } from './server.ts';
import { RedisTopics } from './topics.ts';

/**
 * Redis Streams: a topic is as many streams as it has partitions, the key says which one; the consumer
 * group is the service, and each stream is read by one of its instances at a time.
 */
export class RedisBus implements EventBus {
  /** Its `proto-max-bulk-len`, unless it was told otherwise. */
  readonly maxMessageBytes = 536_870_912;
  readonly #server: RedisConfig;
  readonly #service: string;
  readonly #events: BusConfig;
  readonly #log: FastifyBaseLogger;
  readonly #connection: RedisConnection;
  /** Publishing has more patience than what else is asked of the server, which gives a connection up. */
  readonly #publishing: RedisConnection;
  readonly #topics: RedisTopics;
  readonly #publisher: RedisPublisher;
  readonly #instance = randomUUID();
  #wanted: Topics | undefined;
  /** One for each call of `consume`. */
  readonly #consumers: RedisConsumer[] = [];

  constructor(server: RedisConfig, { service, events, log }: BusOptions) {
    this.#server = server;
    this.#service = service;
    this.#events = events;
    this.#log = log;
    this.#connection = new RedisConnection(server);
    this.#publishing = new RedisConnection(server);
    this.#topics = new RedisTopics(this.#connection, events);
    this.#publisher = new RedisPublisher(this.#publishing, this.#topics, this.maxMessageBytes);
  }

  async connect(topics: Topics): Promise<void> {
    await this.#topics.connect(topics);
    this.#wanted = topics;
    await warnOfLoss(this.#connection, this.#log);
  }

  missing(topics: readonly string[]): Promise<readonly string[]> {
    return this.#topics.missing(topics);
  }

  /** Also those that the server has lost since the start. */
  async #createMissing(): Promise<void> {
    if (this.#wanted !== undefined) await this.#topics.connect(this.#wanted);
  }

  publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    return this.#publisher.publish(messages);
  }

  async consume(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
  ): Promise<void> {
    await this.#topics.find(topics);
    const consumer = new RedisConsumer({
      connection: this.#connection,
      waiting: new RedisConnection(this.#server),
      instance: this.#instance,
      group: this.#service,
      partitions: topics.flatMap((topic) => this.#partitionsOf(topic)),
      inTheWorks: this.#events.inTheWorks,
      log: this.#log,
      createMissing: () => this.#createMissing(),
      handle,
    });
    this.#consumers.push(consumer);
    try {
      await consumer.start();
    } catch (error) {
      this.#consumers.splice(this.#consumers.indexOf(consumer), 1);
      consumer.close();
      throw error;
    }
  }

  #partitionsOf(topic: string): Partition[] {
    const layout = this.#topics.layoutOf(topic);
    const count = layout.keeps === 'events' ? layout.partitions : 0;
    return Array.from({ length: count }, (_, index) => new Partition(topic, index, this.#service));
  }

  async check(): Promise<void> {
    await this.#createMissing();
    await this.#connection.run((client) => client.ping());
    for (const consumer of this.#consumers) consumer.check();
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    const lags = await Promise.all(this.#consumers.map((consumer) => consumer.lag()));
    return new Map(lags.flatMap((lag) => [...lag]));
  }

  readDeadLetters(topic: string): AsyncIterable<Message> {
    return readLetters(this.#connection, topic);
  }

  removeDeadLetter(topic: string, key: string): Promise<void> {
    return removeLetter(this.#connection, topic, key);
  }

  async stopConsuming(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
  }

  async close(): Promise<void> {
    this.#connection.close();
    for (const consumer of this.#consumers) consumer.close();
    this.#publishing.close();
  }
}
