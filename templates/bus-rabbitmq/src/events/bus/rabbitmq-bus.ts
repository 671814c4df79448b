import type { FastifyBaseLogger } from 'fastify';
import type { EventsConfig } from '../config.ts';
import type { EventBus, Message, Topics } from './bus.ts';
import type { RabbitConfig } from './config.ts';
import { type Outcome, Outcomes } from './outcomes.ts';
import { RabbitConsumer } from './rabbitmq-consumer.ts';
import { readLetters, removeLetter } from './rabbitmq-dead-letters.ts';
import { Link } from './rabbitmq-link.ts';
import { optionsOf } from './rabbitmq-message.ts';
import { type Outgoing, Publisher } from './rabbitmq-publisher.ts';
import { routingKeyOf, seeToTopics } from './rabbitmq-topology.ts';

/** RabbitMQ: one exchange an event type; each service has quorum queues of its own for it. */
export class RabbitBus implements EventBus {
  readonly #url: string;
  readonly #events: EventsConfig;
  readonly #log: FastifyBaseLogger;
  readonly #link: Link;
  readonly #publisher: Publisher;
  #deadLetters: string | undefined;
  #consumer: RabbitConsumer | undefined;

  constructor({ url }: RabbitConfig, events: EventsConfig, log: FastifyBaseLogger) {
    this.#url = url;
    this.#events = events;
    this.#log = log;
    this.#link = new Link(url);
    this.#publisher = new Publisher(this.#link);
  }

  get maxMessageBytes(): number {
    return this.#publisher.maxMessageBytes;
  }

  async connect(topics: Topics): Promise<void> {
    await seeToTopics(this.#link, topics, this.#events);
    this.#deadLetters = topics.deadLetters;
  }

  async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const outcomes = new Outcomes();
    const sendable = outcomes.sendable(messages, this.maxMessageBytes);
    const sent = await this.#publisher.publish(sendable.map((message) => this.#outgoing(message)));
    for (const [index, error] of sent.entries())
      if (error !== undefined) outcomes.fail(sendable.slice(index, index + 1), error);
    return outcomes.of(messages);
  }

  /** An event that no service has a queue for is gone; a dead letter must find its queue. */
  #outgoing(message: Message): Outgoing {
    const { topic, key, body } = message;
    const options = optionsOf(message);
    return topic === this.#deadLetters
      ? { exchange: '', routingKey: topic, body, options: { ...options, mandatory: true } }
      : { exchange: topic, routingKey: routingKeyOf(key), body, options };
  }

  async consume(
    topics: readonly string[],
    handle: (message: Message) => Promise<void>,
  ): Promise<void> {
    this.#consumer = new RabbitConsumer({
      url: this.#url,
      topics,
      events: this.#events,
      log: this.#log,
      publisher: this.#publisher,
      handle,
    });
    await this.#consumer.start();
  }

  async check(): Promise<void> {
    this.#consumer?.check();
    this.#link.check();
    const deadLetters = this.#deadLetters;
    await this.#link.withChannel(async (channel) => {
      if (deadLetters !== undefined) await channel.checkQueue(deadLetters);
    });
  }

  async lag(): Promise<ReadonlyMap<string, number>> {
    return (await this.#consumer?.lag()) ?? new Map();
  }

  async *readDeadLetters(topic: string): AsyncGenerator<Message> {
    yield* await readLetters(this.#link, topic);
  }

  removeDeadLetter(topic: string, key: string): Promise<void> {
    return removeLetter(this.#link, topic, key);
  }

  async stopConsuming(): Promise<void> {
    await this.#consumer?.stop();
  }

  async close(): Promise<void> {
    await this.#link.close();
  }
}
