import type { FastifyBaseLogger } from 'fastify';
import type { EventsConfig } from '../config.ts';
import type { EventBus, Message, Topics } from './bus.ts';
import type { NatsConfig } from './config.ts';
import { Lanes } from './lanes.ts';
import { NatsConsumer } from './nats-consumer.ts';
import { readLetters, removeLetter } from './nats-dead-letters.ts';
import { headersOf } from './nats-message.ts';
import { openSession, type Session } from './nats-session.ts';
import {
  createStream,
  eventStream,
  letterStream,
  letterSubject,
  missingOf,
  partitionSubject,
  partitionsOf,
} from './nats-streams.ts';
import { partitionOf } from './partitions.ts';

/**
 * NATS JetStream: a stream for each event type, with a subject for each partition; the service has
 * a durable consumer for each partition of what it handles.
 */
export class NatsBus implements EventBus {
  readonly #config: NatsConfig;
  readonly #events: EventsConfig;
  readonly #log: FastifyBaseLogger;
  readonly #partitions = new Map<string, Promise<number>>();
  #session: Promise<Session> | undefined;
  #consumer: NatsConsumer | undefined;
  #deadLetters = '';

  constructor(config: NatsConfig, events: EventsConfig, log: FastifyBaseLogger) {
    this.#config = config;
    this.#events = events;
    this.#log = log;
  }

  async connect({ events, deadLetters }: Topics): Promise<void> {
    this.#deadLetters = deadLetters;
    const session = await this.#open();
    const streams = events.map((topic) => eventStream(topic, this.#events));
    const missing = await missingOf(session, [...streams, letterStream(deadLetters)]);
    if (missing.length > 0 && !this.#events.createTopics) {
      const names = missing.map(({ topic }) => topic).join(', ');
      throw new Error(`topics are missing: ${names} (EVENTS_CREATE_TOPICS is off)`);
    }
    for (const stream of missing) await createStream(session, stream);
  }

  /** The session, which is opened when it is first needed and again when that failed. */
  #open(): Promise<Session> {
    this.#session ??= openSession(this.#config).catch((error) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  /** One message of a key at a time, so that one that fails is not overtaken by the next. */
  async publish(messages: readonly Message[]): Promise<void> {
    const session = await this.#open();
    const keys = Map.groupBy(messages, ({ topic, key }) => JSON.stringify([topic, key]));
    const outcomes = await Promise.allSettled(
      [...keys.values()].map(async (ofOneKey) => {
        for (const message of ofOneKey) await this.#publishOne(session, message);
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #publishOne({ publisher }: Session, message: Message): Promise<void> {
    try {
      const subject = await this.#subjectOf(message);
      await publisher.publish(subject, message.body, headersOf(message));
    } catch (error) {
      // Its stream may have been made anew, with another number of partitions.
      this.#partitions.delete(message.topic);
      throw error;
    }
  }

  async #subjectOf({ topic, key }: Message): Promise<string> {
    if (topic === this.#deadLetters) return letterSubject(topic, key);
    const session = await this.#open();
    const count = this.#partitions.get(topic) ?? partitionsOf(session, topic);
    this.#partitions.set(topic, count);
    return partitionSubject(topic, partitionOf(key, await count));
  }

  async consume(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
  ): Promise<void> {
    const session = await this.#open();
    const lanes = new Lanes(this.#events.inTheWorks);
    this.#consumer = new NatsConsumer({ session, lanes, log: this.#log, handle });
    try {
      await this.#consumer.start(topics);
    } catch (error) {
      await this.#consumer.stop();
      throw error;
    }
  }

  async check(): Promise<void> {
    const { jsm } = await this.#open();
    await jsm.getAccountInfo();
    this.#consumer?.check();
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    return (await this.#consumer?.lag()) ?? new Map();
  }

  async *readDeadLetters(topic: string): AsyncGenerator<Message> {
    yield* readLetters(await this.#open(), topic);
  }

  async removeDeadLetter(topic: string, key: string): Promise<void> {
    await removeLetter(await this.#open(), topic, key);
  }

  async stopConsuming(): Promise<void> {
    await this.#consumer?.stop();
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    await session?.connection.close();
  }
}
