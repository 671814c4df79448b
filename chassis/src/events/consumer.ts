import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { Batches, type Task } from './batches.ts';
import type { EventBus, Message } from './bus/bus.ts';
import { expectConfirmed } from './bus/outcomes.ts';
import type { EventsConfig } from './config.ts';
import { inConsumerSpan } from './consumer-span.ts';
import { EventContext, EventPrepareContext } from './contexts.ts';
import type { EventsDatastore } from './datastore.ts';
import { deadLetterOf } from './dead-letters.ts';
import type { CloudEvent } from './event.ts';
import { GivenUp } from './given-up.ts';
import { type AnyHandler, InvalidEventDataError, type ReadyHandler } from './handler.ts';
import { eventOf } from './message.ts';
import type { EventMetrics } from './metrics.ts';
import { isCautiousReplay, StaleReplayError } from './replay.ts';
import { EndedProcessError, Suspects } from './suspects.ts';
import type { TopicOf } from './topics.ts';

/** The event cannot be handled now, through no fault of its own; it has to come again. */
class NotNowError extends Error {
  override readonly name = 'NotNowError';
}

/** Whether another attempt is of no use. */
function isFinal(error: unknown): boolean {
  return [NotNowError, EndedProcessError, StaleReplayError].some((kind) => error instanceof kind);
}

/** @throws NotNowError when what was to be noted could not be: the database is away. */
async function noted(note: Promise<void>): Promise<void> {
  try {
    await note;
  } catch (error) {
    throw new NotNowError('what became of an event cannot be noted', { cause: error });
  }
}

/** What a consumer works with. */
export interface ConsumerOptions<Work> {
  /** The service's name. */
  readonly service: string;
  readonly config: EventsConfig;
  readonly bus: EventBus;
  readonly datastore: EventsDatastore<Work>;
  readonly handlers: readonly AnyHandler<Work>[];
  readonly topicOf: TopicOf;
  readonly metrics: EventMetrics;
}

/** Deals with what the bus brings: each event is handled, or given up and kept as a dead letter. */
export class Consumer<Work> {
  readonly #app: FastifyInstance;
  readonly #service: string;
  readonly #bus: EventBus;
  readonly #datastore: EventsDatastore<Work>;
  readonly #handlers: ReadonlyMap<string, AnyHandler<Work>>;
  /** Topics that carry more than one type of event. */
  readonly #shared: ReadonlySet<string>;
  readonly #metrics: EventMetrics;
  readonly #config: EventsConfig;
  readonly #suspects: Suspects;
  readonly #givenUp: GivenUp;
  readonly #batches: Batches<Work>;
  readonly #startTimes = new Map<Message, number>();
  readonly #stopping = new AbortController();

  constructor(app: FastifyInstance, options: ConsumerOptions<Work>) {
    const { service, config, bus, datastore, handlers, topicOf, metrics } = options;
    this.#app = app;
    this.#service = service;
    this.#bus = bus;
    this.#datastore = datastore;
    this.#handlers = new Map(handlers.map((handler) => [handler.type, handler]));
    const types = handlers.map(({ type }) => type);
    this.#shared = new Set(types.filter((type) => topicOf(type) !== type).map(topicOf));
    this.#metrics = metrics;
    this.#config = config;
    this.#suspects = new Suspects(datastore, config.attempts, app.log);
    this.#givenUp = new GivenUp(datastore);
    this.#batches = new Batches(datastore, config, this.#suspects, app.log);
  }

  /** For how many milliseconds the oldest event that is being handled has been in the works. */
  oldestAge(): number {
    const [oldest = performance.now()] = this.#startTimes.values();
    return performance.now() - oldest;
  }

  /** Throws while an event has been in the works for suspiciously long. */
  check(): void {
    const age = this.oldestAge();
    if (age > this.#config.stuckAfter)
      throw new Error(`an event has been in the works for ${Math.round(age)} ms`);
  }

  /**
   * Resolves when the message is dealt with. Rejects when it has to come again, because the service's
   * own database is away or not even the dead letter could be published.
   */
  async handle(message: Message): Promise<void> {
    let attempts = 0;
    let type = message.topic;
    let event: CloudEvent | undefined;
    try {
      event = eventOf(message);
      type = event.type;
      if (this.#isPassedOver(event, message)) return;
      const task = this.#taskOf(event, message);
      await this.#handleWithRetries(task, message, () => ++attempts);
      await noted(this.#givenUp.handled(event));
      this.#metrics.handled.inc({ type });
    } catch (error) {
      if (error instanceof NotNowError) throw error;
      if (error instanceof EndedProcessError) attempts = error.attempts;
      this.#app.log.error({ err: error, type, attempts }, 'event becomes a dead letter');
      this.#started(message);
      const isStale = error instanceof StaleReplayError;
      if (event !== undefined && !isStale) await noted(this.#givenUp.add(event));
      const { maxMessageBytes } = this.#bus;
      const letter = deadLetterOf(this.#service, message, error, attempts, maxMessageBytes);
      expectConfirmed(await this.#bus.publish([letter]));
      this.#metrics.deadLettered.inc({ type });
    } finally {
      this.#startTimes.delete(message);
    }
    if (message.redelivered && event !== undefined) await this.#suspects.acquit(event);
  }

  /** Leaves to the bus what is not being handled now: what waits for its turn, or to be tried again. */
  stop(): void {
    this.#stopping.abort();
    this.#batches.dismiss(new NotNowError('the service stops'));
  }

  /** Whether nobody here asked for the event: its topic carries others too. */
  #isPassedOver({ type }: CloudEvent, { topic }: Message): boolean {
    return this.#shared.has(topic) && !this.#handlers.has(type);
  }

  /** How the event is handled, once its turn has come. */
  #taskOf(event: CloudEvent, message: Message): Task<Work> {
    const { type } = event;
    const handler = this.#handlers.get(type);
    if (handler === undefined) throw new Error(`there is no handler for ${type}`);
    return {
      event,
      handler: this.#observed(handler, event, message),
      contextOf: (signal) => new EventContext(this.#app.log, event, signal),
      prepareContextOf: (signal) => new EventPrepareContext(this.#app, event, signal),
    };
  }

  /** The same handler with its steps in spans, and with the time noted at which it begins. */
  #observed(handler: AnyHandler<Work>, event: CloudEvent, message: Message): AnyHandler<Work> {
    const { type } = handler;
    const step = <T>(name: 'prepare' | 'process', run: () => Promise<T>): Promise<T> => {
      this.#started(message);
      return inConsumerSpan(name, event, run);
    };
    const ready = (handler: ReadyHandler<Work>): ReadyHandler<Work> => ({
      type,
      apply: (work, context) => step('process', () => handler.apply(work, context)),
    });
    if ('apply' in handler) return ready(handler);
    return {
      type,
      prepare: async (context) => ready(await step('prepare', () => handler.prepare(context))),
    };
  }

  #started(message: Message): void {
    if (!this.#startTimes.has(message)) this.#startTimes.set(message, performance.now());
  }

  async #handleWithRetries(
    task: Task<Work>,
    message: Message,
    countAttempt: () => number,
  ): Promise<void> {
    const { type } = task.event;
    let made = 0;
    while (true) {
      try {
        if (isCautiousReplay(this.#service, message)) await this.#givenUp.refuseStale(task.event);
        return await this.#batches.handle(task, made > 0, message.redelivered === true);
      } catch (error) {
        if (isFinal(error)) throw error;
        this.#metrics.failed.inc({ type });
        const fault = await this.#datastore.whoseFault(error);
        if (fault === 'outage') throw new NotNowError('the database is away', { cause: error });
        if (fault === 'attempt') made = countAttempt();
        if (made >= this.#config.attempts || error instanceof InvalidEventDataError) throw error;
        this.#app.log.warn({ err: error, type, fault, attempt: made }, 'handler failed');
        // Exponential with full jitter, so that handlers that fail together do not retry together.
        await this.#pause(Math.random() * this.#config.retryPause * 2 ** Math.max(0, made - 1));
        this.#metrics.retried.inc({ type });
      }
    }
  }

  /** @throws NotNowError as soon as the service stops: the event is tried again by whoever gets it next. */
  async #pause(milliseconds: number): Promise<void> {
    try {
      await delay(milliseconds, undefined, { signal: this.#stopping.signal });
    } catch (error) {
      throw new NotNowError('the service stops', { cause: error });
    }
  }
}
