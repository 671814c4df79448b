import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import type { FastifyBaseLogger } from 'fastify';
import { serviceInfo } from '../service-info.ts';
import type { Delivery, EventBus } from './bus.ts';
import type { KafkaConfig } from './config.ts';
import type { CloudEvent } from './event.ts';
import { KafkaConsumer } from './kafka-consumer.ts';

/** Apache Kafka: one topic an event type, keyed by subject; the consumer group is the service. */
export class KafkaBus implements EventBus {
  readonly #config: KafkaConfig;
  readonly #log: FastifyBaseLogger;
  readonly #admin: Admin;
  readonly #producer: Producer<string, string, string, string>;
  #consumer: KafkaConsumer | undefined;

  constructor(config: KafkaConfig, log: FastifyBaseLogger) {
    this.#config = config;
    this.#log = log;
    const base = {
      clientId: serviceInfo.name,
      bootstrapBrokers: config.brokers,
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

  async connect(topics: readonly string[]): Promise<void> {
    const existing = new Set(await this.#admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic));
    if (missing.length === 0) return;
    if (!this.#config.createTopics) {
      throw new Error(`topics are missing: ${missing.join(', ')} (KAFKA_CREATE_TOPICS is off)`);
    }
    await this.#admin.createTopics({ topics: missing, partitions: 6, replicas: 1 });
  }

  async publish(events: readonly CloudEvent[]): Promise<void> {
    await this.#producer.send({
      messages: events.map((event) => ({
        topic: event.type,
        key: event.subject,
        value: JSON.stringify(event),
        headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
      })),
    });
  }

  async consume(
    types: readonly string[],
    handle: (delivery: Delivery) => Promise<void>,
  ): Promise<void> {
    this.#consumer = new KafkaConsumer(this.#config, this.#log, types, handle);
    await this.#consumer.start();
  }

  async check(): Promise<void> {
    await this.#admin.listTopics();
    this.#consumer?.check();
  }

  async stopConsuming(): Promise<void> {
    await this.#consumer?.stop();
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), this.#admin.close()]);
  }
}
