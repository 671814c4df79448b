import type { FastifyBaseLogger } from 'fastify';
import { type Deadline, runUntil, TimeoutError, untilGivenUp } from '../resilience/index.ts';
import type { EventsConfig } from './config.ts';
import type { EventsDatastore } from './datastore.ts';
import type { CloudEvent } from './event.ts';
import type {
  AnyHandler,
  HandlerContext,
  Handling,
  PrepareContext,
  ReadyHandler,
} from './handler.ts';
import type { Suspects } from './suspects.ts';

/** A handler that took no longer than this the last time is quick: its events may share transactions. */
const quickMs = 10;
const mostTogether = 64;
/** How long a shared transaction may take before it is undone: more than `mostTogether` quick ones need. */
const togetherMs = 1000;

/** An event that is to be handled. */
export interface Task<Work> {
  readonly event: CloudEvent;
  readonly handler: AnyHandler<Work>;
  /** What `apply` is given in an attempt that is given up when the signal aborts. */
  contextOf(signal: AbortSignal): HandlerContext;
  /** What `prepare` is given in such an attempt. */
  prepareContextOf(signal: AbortSignal): PrepareContext;
}

interface Pending<Work> extends Task<Work> {
  /** Set for one that failed, or shared a transaction that did. */
  readonly alone: boolean;
  readonly redelivered: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Gives each event its turn, as many at once as the configuration allows. Events that wait for a turn
 * share the next one's transaction if their handlers are quick and have nothing to prepare: the busier the
 * service, the less each costs. When anything goes wrong with a shared transaction it is undone, and each of its events is
 * handled alone, as if it had never been tried.
 */
export class Batches<Work> {
  readonly #datastore: EventsDatastore<Work>;
  readonly #log: FastifyBaseLogger;
  readonly #config: EventsConfig;
  readonly #waiting: Pending<Work>[] = [];
  /** The types of events whose handler was quick, and successful, the last time. */
  readonly #quick = new Set<string>();
  readonly #suspects: Suspects;
  #turns = 0;
  #isDue = false;
  #dismissal: Error | undefined;

  constructor(
    datastore: EventsDatastore<Work>,
    config: EventsConfig,
    suspects: Suspects,
    log: FastifyBaseLogger,
  ) {
    this.#datastore = datastore;
    this.#log = log;
    this.#config = config;
    this.#suspects = suspects;
  }

  /**
   * Resolves when the event's effect is there to stay, and rejects with what its own handler or
   * transaction failed with. Then the attempt can have no effect any more.
   *
   * @param alone whether the event is kept from sharing: one that failed before.
   * @param redelivered whether it may be the one over which a process ended.
   */
  handle(task: Task<Work>, alone: boolean, redelivered: boolean): Promise<void> {
    if (this.#dismissal !== undefined) return Promise.reject(this.#dismissal);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...task, alone, redelivered, resolve, reject });
      this.#beginSoon();
    });
  }

  /** Rejects all whose turn has not come, and from now on does so at once. */
  dismiss(reason: Error): void {
    this.#dismissal = reason;
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  /** Not at once: what is ready at the same moment is to be seen together. */
  #beginSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      while (this.#turns < this.#config.concurrency && this.#waiting.length > 0)
        void this.#turn(this.#take());
    });
  }

  /** Takes out the event that is next, with those behind it that may share its transaction. */
  #take(): Pending<Work>[] {
    const freeTurns = this.#config.concurrency - this.#turns;
    const fairShare = Math.ceil(this.#waiting.length / freeTurns);
    const most = Math.min(fairShare, mostTogether);
    const unfit = this.#waiting.slice(0, most).findIndex((pending) => !this.#mayShare(pending));
    return this.#waiting.splice(0, unfit === -1 ? most : Math.max(unfit, 1));
  }

  #mayShare({ handler, alone, redelivered }: Pending<Work>): boolean {
    if (this.#datastore.handleTogether === undefined || alone || redelivered) return false;
    return 'apply' in handler && this.#quick.has(handler.type);
  }

  async #turn(batch: readonly Pending<Work>[]): Promise<void> {
    this.#turns += 1;
    const [first] = batch;
    if (batch.length > 1) await this.#together(batch);
    else if (first !== undefined) await this.#byItself(first);
    this.#turns -= 1;
    this.#beginSoon();
  }

  async #byItself(pending: Pending<Work>): Promise<void> {
    const { redelivered, event, resolve, reject } = pending;
    const handle = () =>
      givenUpAfter(this.#config.handlerTimeout, async (attempt) => {
        const handling = await this.#prepared(pending, attempt);
        if (handling !== undefined)
          await this.#datastore.handleOnce(handling.handler, handling.context);
      });
    const handled = redelivered
      ? this.#suspects.handle(event, handle)
      : this.#suspects.beside(handle);
    await handled.then(resolve, reject);
  }

  async #together(batch: readonly Pending<Work>[]): Promise<void> {
    const limit = Math.min(togetherMs, this.#config.handlerTimeout);
    try {
      await this.#suspects.beside(() =>
        givenUpAfter(limit, async (attempt) => {
          const prepared = await Promise.all(batch.map((each) => this.#prepared(each, attempt)));
          const handlings = prepared.filter((handling) => handling !== undefined);
          await this.#datastore.handleTogether?.(handlings, attempt.signal);
        }),
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      this.#log.debug({ err: error }, 'events that shared a transaction are handled alone');
      this.#waiting.unshift(...batch.map((pending) => ({ ...pending, alone: true })));
      if (this.#dismissal !== undefined) this.dismiss(this.#dismissal);
    }
  }

  /**
   * Has the handler prepare what it needs, outside any transaction, and returns what is left to do inside
   * one; nothing when the event had its effect before.
   */
  async #prepared(task: Task<Work>, attempt: Deadline): Promise<Handling<Work> | undefined> {
    const { event, handler } = task;
    const { signal } = attempt;
    const context = task.contextOf(signal);
    if ('apply' in handler) return { handler: this.#measured(handler, signal), context };
    if (await this.#datastore.wasHandled?.(event)) return undefined;
    const ready = await untilGivenUp(signal, () =>
      // So that clients ask for no longer than the attempt lasts.
      runUntil(attempt, () => handler.prepare(task.prepareContextOf(signal))),
    );
    return { handler: this.#measured(ready, signal), context };
  }

  /** The same handler, after which it is known whether it is quick. */
  #measured(handler: ReadyHandler<Work>, signal: AbortSignal): ReadyHandler<Work> {
    const { type } = handler;
    const apply: ReadyHandler<Work>['apply'] = async (work, context) => {
      const started = performance.now();
      let isQuick = false;
      try {
        await untilGivenUp(signal, () => handler.apply(work, context));
        isQuick = performance.now() - started <= quickMs;
      } finally {
        if (isQuick) this.#quick.add(type);
        else this.#quick.delete(type);
      }
    };
    return { type, apply };
  }
}

/** Runs an attempt, and aborts its signal when it takes too long; it is for the attempt to end then. */
async function givenUpAfter(
  milliseconds: number,
  run: (attempt: Deadline) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new TimeoutError(milliseconds)), milliseconds);
  try {
    await run({ at: performance.now() + milliseconds, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}
