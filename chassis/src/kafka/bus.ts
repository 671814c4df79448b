import { Admin, ConfigResourceTypes, MultipleErrors } from '@platformatic/kafka';
import type { FastifyBaseLogger } from 'fastify';
import {
  type BusConfig,
  type BusOptions,
  type EventBus,
  type Message,
  mayBeMended,
  type Outcome,
  type Topics,
} from '../events/index.ts';
import type { KafkaClient, KafkaConfig } from './config.ts';
import { KafkaConsumer } from './consumer.ts';
import { readToEnd } from './dead-letters.ts';
import { KafkaPublisher } from './publisher.ts';

type CreateTopics = Parameters<Admin['createTopics']>[0];

/** What a broker takes unless its topics are told otherwise. */
const defaultMaxMessageBytes = 1_048_588;

/** Apache Kafka: one topic an event type, keyed by subject; the consumer group is the service. */
export class KafkaBus implements EventBus {
  maxMessageBytes = defaultMaxMessageBytes;
  readonly #service: string;
  readonly #cluster: KafkaClient;
  readonly #events: BusConfig;
  readonly #log: FastifyBaseLogger;
  readonly #admin: Admin;
  readonly #publisher: KafkaPublisher;
  /** Members of a group that consume different topics are not assigned well. */
  readonly consumesAllAtOnce = true;
  #consumer: KafkaConsumer | undefined;
  #topics: Topics | undefined;

  constructor(cluster: KafkaConfig, { service, events, log }: BusOptions) {
    this.#service = service;
    this.#cluster = { clientId: service, ...cluster };
    this.#events = events;
    this.#log = log;
    this.#admin = new Admin({
      ...this.#cluster,
      connectTimeout: 3000,
      requestTimeout: 10_000,
      retries: 0,
    });
    this.#publisher = new KafkaPublisher(this.#cluster);
  }

  async connect(topics: Topics): Promise<void> {
    await this.#createMissing(topics);
    this.#topics = topics;
    this.maxMessageBytes = await this.#limitOf(topics.deadLetters);
  }

  async missing(topics: readonly string[]): Promise<readonly string[]> {
    const existing = new Set(await this.#admin.listTopics());
    return topics.filter((topic) => !existing.has(topic));
  }

  /** Also those that the cluster has lost since the start. */
  async #createMissing(topics = this.#topics): Promise<void> {
    if (topics === undefined) return;
    const { events, deadLetters } = topics;
    const missing = await this.missing([...events, deadLetters]);
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

  /** How much the topic of dead letters takes: whatever is published may end there. */
  async #limitOf(topic: string): Promise<number> {
    const name = 'max.message.bytes';
    const resource = {
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName: topic,
      configurationKeys: [name],
    };
    // A service may be forbidden to look.
    const found = await this.#admin.describeConfigs({ resources: [resource] }).catch(() => []);
    const value = found.flatMap(({ configs }) => configs).find((config) => config.name === name);
    return Number(value?.value ?? defaultMaxMessageBytes);
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

  async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const outcomes = await this.#publisher.publish(messages, this.maxMessageBytes);
    if (outcomes.some(mayBeMended)) await this.#createMissing().catch(() => undefined);
    return outcomes;
  }

  async consume(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
  ): Promise<void> {
    // One member of the group for all topics: those that have not all the same are not assigned well.
    if (this.#consumer !== undefined) return this.#consumer.add(topics);
    const consumer = new KafkaConsumer({
      service: this.#service,
      cluster: this.#cluster,
      inTheWorks: this.#events.inTheWorks,
      log: this.#log,
      topics,
      createMissing: () => this.#createMissing(),
      missing: (wanted) => this.missing(wanted),
      handle,
    });
    this.#consumer = consumer;
    try {
      await consumer.start();
    } catch (error) {
      this.#consumer = undefined;
      throw error;
    }
  }

  async check(): Promise<void> {
    await this.#admin.listTopics();
    this.#consumer?.check();
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    return (await this.#consumer?.lag()) ?? new Map();
  }

  readDeadLetters(topic: string): AsyncIterable<Message> {
    return readToEnd(this.#service, this.#cluster, topic);
  }

  async removeDeadLetter(topic: string, key: string): Promise<void> {
    await this.#publisher.remove(topic, key);
  }

  async stopConsuming(): Promise<void> {
    await this.#consumer?.stop();
  }

  async close(): Promise<void> {
    await Promise.all([this.#publisher.close(), this.#admin.close()]);
  }
}
