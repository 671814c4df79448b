import { Admin, MultipleErrors, Producer, stringSerializers } from '@platformatic/kafka';
import type { FastifyBaseLogger } from 'fastify';
import { serviceInfo } from '../../service-info.ts';
import type { EventsConfig } from '../config.ts';
import type { EventBus, Message, Topics } from './bus.ts';
import type { KafkaConfig } from './config.ts';
import { KafkaConsumer } from './kafka-consumer.ts';
import { readToEnd } from './kafka-dead-letters.ts';

type CreateTopics = Parameters<Admin['createTopics']>[0];

/** Apache Kafka: one topic an event type, keyed by subject; the consumer group is the service. */
export class KafkaBus implements EventBus {
  readonly #brokers: string[];
  readonly #events: EventsConfig;
  readonly #log: FastifyBaseLogger;
  readonly #admin: Admin;
  readonly #producer: Producer<string, string, string, string>;
  #consumer: KafkaConsumer | undefined;

  constructor({ brokers }: KafkaConfig, events: EventsConfig, log: FastifyBaseLogger) {
    this.#brokers = brokers;
    this.#events = events;
    this.#log = log;
    const base = {
      clientId: serviceInfo.name,
      bootstrapBrokers: brokers,
      connectTimeout: 3000,
      requestTimeout: 10_000,
    };
    this.#admin = new Admin({ ...base, retries: 0 });
    this.#producer = new Producer({
      ...base,
      retries: 3,
      retryDelay: 200,
      acks: -1,
      serializers: stringSerializers,
    });
  }

  async connect({ events, deadLetters }: Topics): Promise<void> {
    const existing = new Set(await this.#admin.listTopics());
    const missing = [...events, deadLetters].filter((topic) => !existing.has(topic));
    if (missing.length === 0) return;
    const { createTopics, partitions, retentionHours } = this.#events;
    if (!createTopics) {
      throw new Error(`topics are missing: ${missing.join(', ')} (EVENTS_CREATE_TOPICS is off)`);
    }
    const retention = { name: 'retention.ms', value: String(retentionHours * 3_600_000) };
    // -1: as many replicas as the cluster's own default.
    const create = { replicas: -1, partitions, configs: [retention] };
    await this.#create(
      missing.filter((topic) => topic !== deadLetters),
      create,
    );
    // Compacted: a letter stays until a message without a value takes its key's place.
    const compacted = { name: 'cleanup.policy', value: 'compact' };
    if (missing.includes(deadLetters)) {
      await this.#create([deadLetters], { ...create, partitions: 1, configs: [compacted] });
    }
  }

  /** Creates topics; one that another instance was quicker to create is there, which is enough. */
  async #create(topics: readonly string[], options: Omit<CreateTopics, 'topics'>): Promise<void> {
    // One at a time, so that a refusal is about that one. The list of topics does not tell: brokers
    // may come to know of a new topic later than the controller refuses to create it again.
    for (const topic of topics) {
      try {
        await this.#admin.createTopics({ ...options, topics: [topic] });
      } catch (error) {
        const exists =
          error instanceof MultipleErrors && error.findBy('apiId', 'TOPIC_ALREADY_EXISTS');
        if (!exists) throw error;
      }
    }
  }

  async publish(messages: readonly Message[]): Promise<void> {
    await this.#producer.send({
      messages: messages.map(({ topic, key, body, headers }) => ({
        topic,
        key,
        value: body,
        headers,
      })),
    });
  }

  async consume(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
  ): Promise<void> {
    const { inTheWorks } = this.#events;
    this.#consumer = new KafkaConsumer(this.#brokers, inTheWorks, this.#log, topics, handle);
    await this.#consumer.start();
  }

  async check(): Promise<void> {
    await this.#admin.listTopics();
    this.#consumer?.check();
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    return (await this.#consumer?.lag()) ?? new Map();
  }

  readDeadLetters(topic: string): AsyncIterable<Message> {
    return readToEnd(this.#brokers, topic);
  }

  async removeDeadLetter(topic: string, key: string): Promise<void> {
    await this.#producer.send({ messages: [{ topic, key }] });
  }

  async stopConsuming(): Promise<void> {
    await this.#consumer?.stop();
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), this.#admin.close()]);
  }
}
