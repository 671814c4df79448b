import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { serviceInfo } from '../../service-info.ts';
import type { EventsConfig } from '../config.ts';
import type { EventBus, Message, Topics } from './bus.ts';
import type { RedisConfig } from './config.ts';
import { partitionOf } from './partitions.ts';
import { type Batch, RedisConnection } from './redis-connection.ts';
import { RedisConsumer } from './redis-consumer.ts';
import { keepLetter, readLetters, removeLetter } from './redis-dead-letters.ts';
import { fieldsOf } from './redis-message.ts';
import { Partition } from './redis-partition.ts';
import { warnOfLoss } from './redis-server.ts';
import { RedisTopics, streamOf } from './redis-topics.ts';

/**
 * Redis Streams: a topic is as many streams as it has partitions, the key says which one; the consumer
 * group is the service, and each stream is read by one of its instances at a time.
 */
export class RedisBus implements EventBus {
  readonly #events: EventsConfig;
  readonly #log: FastifyBaseLogger;
  readonly #connection: RedisConnection;
  readonly #waiting: RedisConnection;
  readonly #topics: RedisTopics;
  readonly #instance = randomUUID();
  #consumer: RedisConsumer | undefined;

  constructor({ url }: RedisConfig, events: EventsConfig, log: FastifyBaseLogger) {
    this.#events = events;
    this.#log = log;
    this.#connection = new RedisConnection(url);
    this.#waiting = new RedisConnection(url);
    this.#topics = new RedisTopics(this.#connection, events);
  }

  async connect(topics: Topics): Promise<void> {
    await this.#topics.connect(topics);
    await warnOfLoss(this.#connection, this.#log);
  }

  /** All messages or none are written, so that none is ahead of one before it that has to come again. */
  async publish(messages: readonly Message[]): Promise<void> {
    await this.#topics.find(messages.map(({ topic }) => topic));
    await this.#connection.run((client) => {
      const batch = client.multi();
      for (const message of messages) this.#add(batch, message);
      return batch.exec();
    });
  }

  #add(batch: Batch, message: Message): void {
    const layout = this.#topics.layoutOf(message.topic);
    if (layout.keeps === 'dead letters') {
      keepLetter(batch, message);
      return;
    }
    const stream = streamOf(message.topic, partitionOf(message.key, layout.partitions));
    const oldest = Date.now() - layout.retentionHours * 3_600_000;
    // About: Redis drops whole blocks of entries, which costs it next to nothing.
    batch.xAdd(stream, '*', fieldsOf(message), {
      TRIM: { strategy: 'MINID', strategyModifier: '~', threshold: oldest },
    });
  }

  async consume(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
  ): Promise<void> {
    await this.#topics.find(topics);
    const consumer = new RedisConsumer({
      connection: this.#connection,
      waiting: this.#waiting,
      instance: this.#instance,
      group: serviceInfo.name,
      partitions: topics.flatMap((topic) => this.#partitionsOf(topic)),
      inTheWorks: this.#events.inTheWorks,
      log: this.#log,
      handle,
    });
    await consumer.start();
    this.#consumer = consumer;
  }

  #partitionsOf(topic: string): Partition[] {
    const layout = this.#topics.layoutOf(topic);
    const count = layout.keeps === 'events' ? layout.partitions : 0;
    return Array.from(
      { length: count },
      (_, index) => new Partition(topic, index, serviceInfo.name),
    );
  }

  async check(): Promise<void> {
    await this.#connection.run((client) => client.ping());
    this.#consumer?.check();
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    return (await this.#consumer?.lag()) ?? new Map();
  }

  readDeadLetters(topic: string): AsyncIterable<Message> {
    return readLetters(this.#connection, topic);
  }

  removeDeadLetter(topic: string, key: string): Promise<void> {
    return removeLetter(this.#connection, topic, key);
  }

  async stopConsuming(): Promise<void> {
    await this.#consumer?.stop();
  }

  async close(): Promise<void> {
    this.#connection.close();
    this.#waiting.close();
  }
}
