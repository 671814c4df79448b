import type { FastifyBaseLogger } from 'fastify';
import {
  type BusConfig,
  type BusOptions,
  bodyBytes,
  type EventBus,
  type Message,
  type Outcome,
  Outcomes,
  type Topics,
} from '../events/index.ts';
import { Audience } from './audience.ts';
import type { RabbitConfig } from './config.ts';
import { RabbitConsumer } from './consumer.ts';
import { readLetters, removeLetter } from './dead-letters.ts';
import { Link } from './link.ts';
import { optionsOf } from './message.ts';
import { type Outgoing, Publisher, UnroutedError } from './publisher.ts';
import {
  declareQueues,
  isNotFound,
  queueExists,
  routingKeyOf,
  seeToExchange,
  seeToTopics,
} from './topology.ts';

/**
 * How long nothing is published to a topic of which a queue was missing: every service has declared its
 * own again by then, and not only the one that was the quickest.
 */
const holdMs = 10_000;

interface Result {
  readonly message: Message;
  readonly error: Outcome;
}

/** RabbitMQ: one exchange an event type; each service has quorum queues of its own for it. */
export class RabbitBus implements EventBus {
  readonly #server: RabbitConfig;
  readonly #events: BusConfig;
  readonly #log: FastifyBaseLogger;
  readonly #link: Link;
  readonly #publisher: Publisher;
  readonly #audience: Audience;
  /** Until when nothing goes to these topics. */
  readonly #held = new Map<string, number>();
  #topics: Topics | undefined;
  #declaring: Promise<void> | undefined;
  /** One for each call of `consume`. */
  readonly #consumers: RabbitConsumer[] = [];

  constructor(server: RabbitConfig, { service, events, log }: BusOptions) {
    this.#server = server;
    this.#events = events;
    this.#log = log;
    this.#link = new Link(service, server);
    this.#publisher = new Publisher(this.#link);
    this.#audience = new Audience(this.#link);
  }

  get maxMessageBytes(): number {
    return this.#publisher.maxMessageBytes;
  }

  async connect(topics: Topics): Promise<void> {
    await this.#declare(topics);
    this.#topics = topics;
  }

  /**
   * Also declares what the server has lost since: queues that were deleted, or all that it had. One at a time: a
   * slow server would never be through with those of every try, so that the next try waits for the one that runs.
   */
  async #declare(topics = this.#topics): Promise<void> {
    if (topics === undefined) return;
    this.#declaring ??= this.#declareAll(topics).finally(() => {
      this.#declaring = undefined;
    });
    await this.#declaring;
  }

  async #declareAll(topics: Topics): Promise<void> {
    await seeToTopics(this.#link, topics, this.#events);
    await this.#audience.compare(topics.events);
  }

  /** Creates those of other services, too, if that is allowed: they are names, and nothing else. */
  async missing(topics: readonly string[]): Promise<readonly string[]> {
    const missing: string[] = [];
    for (const topic of topics)
      if (!(await seeToExchange(this.#link, topic, this.#events))) missing.push(topic);
    return missing;
  }

  async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const outcomes = new Outcomes();
    const held = messages.filter(({ topic }) => performance.now() < (this.#held.get(topic) ?? 0));
    outcomes.fail(held, new Error('queues of its topic are missing, and are declared again'));
    const open = messages.filter((message) => !held.includes(message));
    const sendable = outcomes.sendable(open, this.maxMessageBytes);
    const sent = await this.#publisher.publish(sendable.map((message) => this.#outgoing(message)));
    const results = sendable.map((message, index) => ({ message, error: sent[index] }));
    const taken = results.filter(({ error }) => error === undefined);
    for (const topic of new Set(taken.map(({ message }) => message.topic)))
      await this.#audience.note(topic);
    const failed = results.filter((result) => result.error && !this.#isUnwanted(result));
    for (const { message, error } of failed) outcomes.fail([message], error);
    if (failed.length > 0) await this.#restore(failed).catch(() => undefined);
    return outcomes.of(messages);
  }

  /** Holds back what goes where queues or exchanges are missing, and declares what is this service's. */
  async #restore(failed: readonly Result[]): Promise<void> {
    for (const { message, error } of failed)
      if (error instanceof UnroutedError || isNotFound(error))
        this.#held.set(message.topic, performance.now() + holdMs);
    await this.#declare();
  }

  /** Whether no queue takes an event because nobody has ever wanted its topic: then it is gone. */
  #isUnwanted({ message: { topic }, error }: Result): boolean {
    const isLetter = topic === this.#topics?.deadLetters;
    return error instanceof UnroutedError && !isLetter && !this.#audience.has(topic);
  }

  #outgoing(message: Message): Outgoing {
    const { topic, key } = message;
    const body = bodyBytes(message);
    const options = { ...optionsOf(message), mandatory: true };
    return topic === this.#topics?.deadLetters
      ? { exchange: '', routingKey: topic, body, options }
      : { exchange: topic, routingKey: routingKeyOf(key), body, options };
  }

  async consume(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
  ): Promise<void> {
    const own = topics.filter((topic) => this.#topics?.events.includes(topic));
    const others = topics.filter((topic) => !own.includes(topic));
    if (own.length > 0) await this.#begin(own, handle, () => this.#declare());
    if (others.length > 0)
      await this.#begin(others, handle, async () => {
        await this.missing(others);
        await declareQueues(this.#link, others, this.#events);
      });
  }

  async #begin(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
    declareAgain: () => Promise<void>,
  ): Promise<void> {
    const consumer = new RabbitConsumer({
      service: this.#link.service,
      server: this.#server,
      topics,
      events: this.#events,
      log: this.#log,
      publisher: this.#publisher,
      declareAgain,
      handle,
    });
    this.#consumers.push(consumer);
    try {
      await consumer.start();
    } catch (error) {
      this.#consumers.splice(this.#consumers.indexOf(consumer), 1);
      throw error;
    }
  }

  async check(): Promise<void> {
    for (const consumer of this.#consumers) consumer.check();
    this.#link.check();
    const deadLetters = this.#topics?.deadLetters;
    if (deadLetters !== undefined && !(await queueExists(this.#link, deadLetters)))
      await this.#declare();
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    const lags = await Promise.all(this.#consumers.map((consumer) => consumer.lag()));
    return new Map(lags.flatMap((lag) => [...lag]));
  }

  async *readDeadLetters(topic: string): AsyncGenerator<Message> {
    yield* await readLetters(this.#link, topic);
  }

  removeDeadLetter(topic: string, key: string): Promise<void> {
    return removeLetter(this.#link, topic, key);
  }

  async stopConsuming(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
  }

  async close(): Promise<void> {
    await this.#link.close();
  }
}
