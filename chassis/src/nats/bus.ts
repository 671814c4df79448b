import type { FastifyBaseLogger } from 'fastify';
import {
  type BusConfig,
  type BusOptions,
  type EventBus,
  Lanes,
  type Message,
  mayBeMended,
  type Outcome,
  Outcomes,
  partitionOf,
  type Topics,
} from '../events/index.ts';
import type { NatsConfig } from './config.ts';
import { NatsConsumer } from './consumer.ts';
import { readLetters, removeLetter } from './dead-letters.ts';
import { publishInOrder } from './order.ts';
import { defaultMaxPayload, openSession, type Session } from './session.ts';
import {
  createStream,
  eventStream,
  layoutOf,
  letterStream,
  letterSubject,
  missingOf,
  partitionSubject,
} from './streams.ts';

/** How long it is believed that a topic has as many partitions as it had. */
const askAgainMs = 10_000;

/**
 * NATS JetStream: a stream for each event type, with a subject for each partition; the service has
 * a durable consumer for each partition of what it handles.
 */
export class NatsBus implements EventBus {
  maxMessageBytes = defaultMaxPayload;
  readonly #service: string;
  readonly #config: NatsConfig;
  readonly #events: BusConfig;
  readonly #log: FastifyBaseLogger;
  readonly #partitions = new Map<string, { readonly count: number; readonly askedAt: number }>();
  #session: Promise<Session> | undefined;
  /** One for each call of `consume`. */
  readonly #consumers: NatsConsumer[] = [];
  #topics: Topics | undefined;

  constructor(config: NatsConfig, { service, events, log }: BusOptions) {
    this.#service = service;
    this.#config = config;
    this.#events = events;
    this.#log = log;
  }

  async connect(topics: Topics): Promise<void> {
    this.#topics = topics;
    await this.#createMissing();
  }

  async missing(topics: readonly string[]): Promise<readonly string[]> {
    const streams = topics.map((topic) => eventStream(topic, this.#events));
    const missing = await missingOf(await this.#open(), streams);
    return missing.map(({ topic }) => topic);
  }

  /** Also those that the server has lost since the start. */
  async #createMissing(): Promise<void> {
    if (this.#topics === undefined) return;
    const { events, deadLetters } = this.#topics;
    const session = await this.#open();
    this.maxMessageBytes = session.connection.info?.max_payload ?? defaultMaxPayload;
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
    this.#session ??= openSession(this.#service, this.#config).catch((error) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const session = await this.#open();
    const outcomes = new Outcomes();
    const sendable = outcomes.sendable(messages, this.maxMessageBytes);
    const topics = Map.groupBy(sendable, ({ topic }) => topic);
    await Promise.all(
      [...topics].map(([topic, ofTopic]) =>
        this.#publishTo(session, topic, ofTopic, outcomes).catch((error: unknown) => {
          outcomes.fail(ofTopic, error);
        }),
      ),
    );
    // Its stream may have been made anew, with another number of partitions.
    for (const topic of topics.keys())
      if (outcomes.hasFailed(topic)) this.#partitions.delete(topic);
    const result = outcomes.of(messages);
    if (result.some(mayBeMended)) await this.#createMissing().catch(() => undefined);
    return result;
  }

  async #publishTo(
    { publisher }: Session,
    topic: string,
    messages: readonly Message[],
    outcomes: Outcomes,
  ): Promise<void> {
    const subjectOf = await this.#subjectsOf(topic);
    await publishInOrder(publisher, messages, subjectOf, outcomes);
  }

  /** Where the messages of a topic go. */
  async #subjectsOf(topic: string): Promise<(message: Message) => string> {
    if (topic === this.#topics?.deadLetters) return ({ key }) => letterSubject(topic, key);
    let known = this.#partitions.get(topic);
    if (known === undefined || performance.now() - known.askedAt > askAgainMs) {
      const { partitions } = await layoutOf(await this.#open(), topic);
      known = { count: partitions, askedAt: performance.now() };
      this.#partitions.set(topic, known);
    }
    const { count } = known;
    return ({ key }) => partitionSubject(topic, partitionOf(key, count));
  }

  async consume(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
  ): Promise<void> {
    const session = await this.#open();
    const lanes = new Lanes(this.#events.inTheWorks);
    const consuming = { session, lanes, log: this.#log, handle };
    const consumer = new NatsConsumer(consuming, () => this.#createMissing());
    this.#consumers.push(consumer);
    try {
      await consumer.start(topics);
    } catch (error) {
      await consumer.stop();
      this.#consumers.splice(this.#consumers.indexOf(consumer), 1);
      throw error;
    }
  }

  async check(): Promise<void> {
    const { jsm } = await this.#open();
    await jsm.getAccountInfo();
    for (const consumer of this.#consumers) consumer.check();
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    const lags = await Promise.all(this.#consumers.map((consumer) => consumer.lag()));
    return new Map(lags.flatMap((lag) => [...lag]));
  }

  async *readDeadLetters(topic: string): AsyncGenerator<Message> {
    yield* readLetters(await this.#open(), topic);
  }

  async removeDeadLetter(topic: string, key: string): Promise<void> {
    await removeLetter(await this.#open(), topic, key);
  }

  async stopConsuming(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
  }

  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    await session?.connection.close();
  }
}
