import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { type BusConfig, Lanes, type Message } from '../events/index.ts';
import { withTimeout } from '../resilience/index.ts';
import type { RabbitConfig } from './config.ts';
import { Held } from './held.ts';
import { Link } from './link.ts';
import { Members } from './members.ts';
import type { Publisher } from './publisher.ts';
import { openMs, Subscription } from './subscription.ts';
import { partitionsOf, queueOf } from './topology.ts';
import type { Partition } from './turn.ts';

/** What is to be consumed, and how. */
export interface Consumption {
  /** The name of the service, which its queues have. */
  readonly service: string;
  readonly server: RabbitConfig;
  readonly topics: readonly string[];
  readonly events: BusConfig;
  readonly log: FastifyBaseLogger;
  /** Says hello to the other instances. */
  readonly publisher: Publisher;
  /** Declares whatever the server has lost. */
  declareAgain(): Promise<void>;
  handle(message: Message): Promise<void>;
}

const pauseMs = 1000;
/**
 * How often queues and what binds them are declared again, as nobody is told when an exchange goes. Less
 * than events are held back for that (`holdMs` of the bus), by more than declaring takes.
 */
const declareEveryMs = 5000;

/**
 * Consumes this service's queues, on a connection of its own: the server may hold up one that
 * publishes, and with it the acknowledgements. Every instance subscribes to every queue; the server
 * makes the first one of each its active consumer, which leaves it to the one whose turn it is. When
 * something breaks, all is opened again.
 */
export class RabbitConsumer {
  readonly #consumption: Consumption;
  readonly #link: Link;
  readonly #members: Members;
  readonly #lanes: Lanes;
  readonly #stopping = new AbortController();
  #subscriptions: readonly Subscription[] = [];
  #ended = Promise.withResolvers<void>();
  #running: Promise<void> = Promise.resolve();
  #problem: Error | undefined;
  #declaring: NodeJS.Timeout | undefined;

  constructor(consumption: Consumption) {
    const { service, server, topics, publisher, events } = consumption;
    this.#consumption = consumption;
    this.#link = new Link(service, server);
    this.#members = new Members(service, topics, publisher);
    this.#lanes = new Lanes(events.inTheWorks);
  }

  /** Subscribes. Rejects when that fails; afterwards it keeps itself running. */
  async start(): Promise<void> {
    try {
      await this.#openInTime();
    } catch (error) {
      await this.#leave();
      throw error;
    }
    this.#running = this.#run();
  }

  /** Throws while messages cannot come. */
  check(): void {
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** How many messages of each topic wait in the queues or are handled by this instance. */
  async lag(): Promise<ReadonlyMap<string, number>> {
    const lag = new Map(this.#consumption.topics.map((topic) => [topic, 0]));
    await this.#link.withChannel(async (channel) => {
      for (const { partition, unacknowledged } of this.#subscriptions) {
        const { topic, queue } = partition;
        const { messageCount } = await channel.checkQueue(queue);
        lag.set(topic, (lag.get(topic) ?? 0) + messageCount + unacknowledged);
      }
    });
    return lag;
  }

  /** Begins nothing more, waits for what is being handled, and leaves the rest to the others. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#ended.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        if (this.#problem !== undefined) await this.#openInTime();
        await this.#ended.promise;
      } catch (error) {
        this.#problem = error instanceof Error ? error : new Error(String(error));
        this.#consumption.log.warn({ err: error }, 'events do not come; subscribing again');
      }
      await this.#leave();
      if (this.#problem !== undefined)
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #openInTime(): Promise<void> {
    return withTimeout(openMs, () => this.#open(), this.#stopping.signal);
  }

  async #open(): Promise<void> {
    this.#ended = Promise.withResolvers<void>();
    const { promise, reject } = this.#ended;
    promise.catch(() => undefined);
    await this.#consumption.declareAgain();
    const connection = await this.#link.connection();
    connection.once('error', reject);
    await this.#members.listen(connection, reject);
    this.#subscriptions = this.#partitions(reject).map(
      (partition) => new Subscription(connection, partition),
    );
    await Promise.all(this.#subscriptions.map((one) => one.open()));
    this.#members.join();
    this.#declaring = setInterval(() => {
      this.#consumption.declareAgain().catch(reject);
    }, declareEveryMs);
    this.#problem = undefined;
  }

  async #leave(): Promise<void> {
    clearInterval(this.#declaring);
    this.#members.leave();
    await Promise.all(this.#subscriptions.map((one) => one.close()));
    await this.#link.close();
  }

  #partitions(broke: (error: Error) => void): readonly Partition[] {
    const { service, topics, events, log, handle } = this.#consumption;
    const count = partitionsOf(events);
    const held = new Held(topics.length * count);
    return topics.flatMap((topic) =>
      Array.from({ length: count }, (_, partition) => ({
        topic,
        queue: queueOf(service, topic, partition),
        held,
        lanes: this.#lanes,
        log,
        handle,
        isMine: () => this.#members.isMine(topic, partition),
        broke,
      })),
    );
  }
}
