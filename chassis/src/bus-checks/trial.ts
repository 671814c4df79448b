import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import {
  type BusOptions,
  type EventBus,
  expectConfirmed,
  type Message,
  type Topics,
} from '../events/index.ts';

/**
 * Makes a bus for one instance of a service, not yet connected. All that are opened in one check reach the
 * same bus.
 */
export type OpenBus = (options: BusOptions) => EventBus | Promise<EventBus>;

/** Something that the port `EventBus` promises. */
export interface BusCheck {
  /** The promise, as the name of a test. */
  readonly name: string;
  /**
   * Whether it opens several instances, at once or one after the other: no question to a bus that lives and
   * dies within one of them.
   */
  readonly severalInstances: boolean;
  /**
   * Rejects with an `AssertionError` when the promise is not kept. It uses topics of its own, so that
   * checks may share a bus.
   *
   * @param patience milliseconds after which what has not come is lost: 30 seconds unless told otherwise,
   *   of which a test should wait for two.
   */
  run(open: OpenBus, patience?: number): Promise<void>;
}

/** How an instance differs from others. */
interface InstanceOptions {
  readonly service?: string;
  readonly createTopics?: boolean;
}

/** What is done with a message; does nothing unless told otherwise. */
type Behaviour = (message: Message) => Promise<void>;

/** The instances of one check. */
export class Trial {
  /** What was handled, whoever did it, in that order. */
  readonly handled: Message[] = [];
  readonly #open: OpenBus;
  readonly #patience: number;
  readonly #instances: Instance[] = [];
  readonly #ended = Promise.withResolvers<void>();

  constructor(open: OpenBus, patience: number) {
    this.#open = open;
    this.#patience = patience;
  }

  /** Opens an instance. @param topics are connected, and consumed by `consume`; without, nothing is. */
  async instance(
    topics?: CheckTopics,
    { service = 'orders', createTopics = true }: InstanceOptions = {},
  ): Promise<Instance> {
    const events = { inTheWorks: 256, createTopics, partitions: 6, retentionHours: 1 };
    const bus = await this.#open({ service, events, log: pino({ level: 'silent' }) });
    const instance = new Instance(bus, this);
    this.#instances.push(instance);
    if (topics !== undefined) await bus.connect(topics.all);
    return instance;
  }

  /** Resolves when something does not throw any more. Rejects with what it throws when patience is at its end. */
  async eventually(check: () => unknown): Promise<void> {
    const end = performance.now() + this.#patience;
    while (true) {
      try {
        return void (await check());
      } catch (error) {
        if (performance.now() > end) throw error;
        await delay(50);
      }
    }
  }

  /** Goes on for as long as the check does. */
  hang(): Promise<void> {
    return this.#ended.promise;
  }

  async end(): Promise<void> {
    this.#ended.resolve();
    for (const instance of this.#instances) await instance.close();
  }
}

/** One instance of a service, as far as its bus goes. */
export class Instance {
  readonly bus: EventBus;
  /** What the bus has delivered, in that order, and what of it was handled. */
  readonly given: Message[] = [];
  readonly handled: Message[] = [];
  /** How many deliveries were in the works at once, at most. */
  most = 0;
  readonly #trial: Trial;
  #running = 0;
  #isClosed = false;

  constructor(bus: EventBus, trial: Trial) {
    this.bus = bus;
    this.#trial = trial;
  }

  /** Rejects with the first failure. */
  async publish(messages: readonly Message[]): Promise<void> {
    expectConfirmed(await this.bus.publish(messages));
  }

  /** As a service does it at its start, again and again: not every broker knows a new topic at once. */
  async consume(topic: string, behave: Behaviour = async () => undefined): Promise<void> {
    await this.#trial.eventually(() =>
      this.bus.consume([topic], (message) => this.#handle(message, behave)),
    );
  }

  async #handle(message: Message, behave: Behaviour): Promise<void> {
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    this.given.push(message);
    try {
      await behave(message);
      this.handled.push(message);
      this.#trial.handled.push(message);
    } finally {
      this.#running -= 1;
    }
  }

  async letters(topic: string): Promise<Message[]> {
    return Array.fromAsync(this.bus.readDeadLetters(topic));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.bus.stopConsuming();
    await this.bus.close();
  }
}

/** Names that nothing else uses. */
export interface CheckTopics {
  readonly topic: string;
  readonly deadLetters: string;
  readonly all: Topics;
}

export function newTopics(): CheckTopics {
  const topic = `orders.t-${randomUUID()}.v1`;
  const deadLetters = `orders.d-${randomUUID()}`;
  return { topic, deadLetters, all: { events: [topic], consumed: [topic], deadLetters } };
}

/** Makes a check of what tries it out; its instances are closed with it. */
export function busCheck(
  name: string,
  tryOut: (trial: Trial) => Promise<void>,
  severalInstances = false,
): BusCheck {
  const run = async (open: OpenBus, patience = 30_000): Promise<void> => {
    const trial = new Trial(open, patience);
    try {
      await tryOut(trial);
    } finally {
      await trial.end();
    }
  };
  return { name, severalInstances, run };
}
