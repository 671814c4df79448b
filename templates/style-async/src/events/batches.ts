import type { FastifyInstance } from 'fastify';
import { withTimeout } from '../resilience/timeout.ts';
import type { EventsConfig } from './config.ts';
import { Gathering, type Waiting } from './gathering.ts';
import type { AnyHandler, Handling } from './handler.ts';
import { handleOnce, handleTogether } from './once.ts';
import { Paces } from './paces.ts';
import { SharedDeadline } from './shared-deadline.ts';
import type { Suspects } from './suspects.ts';

/** How long events may share a transaction before it is undone. */
const togetherMs = 1000;

interface Pending extends Handling, Waiting {
  readonly handler: AnyHandler;
  /** Set for one that failed, or shared a transaction that did. */
  readonly alone: boolean;
  readonly redelivered: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Gives each event its turn, as many at once as the configuration allows. While some are handled, what
 * waits gathers for a moment, and the next turn is that of several events in one transaction: the
 * busier the service, the less each costs, and an idle one has nothing wait. Only events whose
 * handlers have been quick and successful of late share, in half of the turns; the slow never have
 * all. When anything goes wrong with a shared transaction it is undone, and each of its events is
 * handled alone, as if it had never been tried.
 */
export class Batches {
  readonly #app: FastifyInstance;
  readonly #config: EventsConfig;
  readonly #paces = new Paces();
  readonly #sharing = new Gathering<Pending>(this.#paces);
  readonly #alone: Pending[] = [];
  readonly #suspects: Suspects;
  #turns = 0;
  #sharedTurns = 0;
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(app: FastifyInstance, config: EventsConfig, suspects: Suspects) {
    this.#app = app;
    this.#config = config;
    this.#suspects = suspects;
  }

  /**
   * Resolves when the event's effect is there to stay, and rejects with what its own handler or
   * transaction failed with.
   *
   * @param alone whether the event is kept from sharing: one that failed before.
   * @param redelivered whether it may be the one over which a process ended.
   */
  handle({ handler, context }: Handling, alone: boolean, redelivered: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const since = performance.now();
      const one = { handler, context, alone, redelivered, since, resolve, reject };
      if (this.#mayShare(one)) this.#sharing.add(one);
      else this.#alone.push(one);
      this.#beginSoon();
    });
  }

  /** Rejects all whose turn has not come. */
  dismiss(reason: Error): void {
    for (const { reject } of [...this.#sharing.clear(), ...this.#alone.splice(0)]) reject(reason);
  }

  #mayShare(one: Pending): boolean {
    return (
      handleTogether !== undefined && !one.alone && !one.redelivered && this.#sharing.suits(one)
    );
  }

  /** Not at once: what is ready at the same moment is to be seen together. */
  #beginSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#reconsider();
      while (this.#turns < this.#config.concurrency && this.#begin());
    });
  }

  /** Handlers may have turned out to be quicker or slower than they were when their events came. */
  #reconsider(): void {
    this.#alone.push(...this.#sharing.takeUnsuited());
    for (let [one] = this.#alone; one !== undefined && this.#mayShare(one); [one] = this.#alone) {
      this.#sharing.add(one);
      this.#alone.shift();
    }
  }

  /** Begins the next turn, if there is anything for it. */
  #begin(): boolean {
    const freeToShare = Math.ceil(this.#config.concurrency / 2) - this.#sharedTurns;
    if (freeToShare > 0 && this.#isGathered()) {
      const batch = this.#sharing.take(freeToShare);
      this.#sharedTurns += 1;
      void this.#turn(() => this.#together(batch).finally(() => (this.#sharedTurns -= 1)));
      return true;
    }
    const one = this.#alone.shift();
    if (one !== undefined) void this.#turn(() => this.#byItself(one));
    return one !== undefined;
  }

  /** Whether those that may share are to begin; if not, sees to it that this is asked again. */
  #isGathered(): boolean {
    const dueIn = this.#sharing.dueIn();
    if (dueIn === undefined) return false;
    if (dueIn === 0 || this.#sharedTurns === 0) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#beginSoon();
    }, dueIn);
    return false;
  }

  async #turn(run: () => Promise<unknown>): Promise<void> {
    this.#turns += 1;
    await run();
    this.#turns -= 1;
    this.#beginSoon();
  }

  async #byItself({ handler, context, redelivered, resolve, reject }: Pending): Promise<void> {
    const limit = this.#config.handlerTimeout;
    const timed = this.#timed(handler, (run) => withTimeout(limit, run));
    const handle = () => handleOnce(this.#app, timed, context);
    const handled = redelivered
      ? this.#suspects.handle(context.event, handle)
      : this.#suspects.beside(handle);
    await handled.then(resolve, reject);
  }

  async #together(batch: readonly Pending[]): Promise<void> {
    const [first] = batch;
    if (first !== undefined && batch.length === 1) return this.#byItself(first);
    const deadline = new SharedDeadline(Math.min(togetherMs, this.#config.handlerTimeout));
    const timed = batch.map(({ handler, context }) => ({
      handler: this.#timed(handler, (run) => deadline.run(run)),
      context,
    }));
    try {
      await this.#suspects.beside(async () => handleTogether?.(this.#app, timed));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      this.#app.log.debug({ err: error }, 'events that shared a transaction are handled alone');
      this.#alone.unshift(...batch.map((one) => ({ ...one, alone: true })));
    } finally {
      deadline.clear();
    }
  }

  /** The handler under the time that it may take, and with its pace noted. */
  #timed(handler: AnyHandler, inTime: (run: () => Promise<void>) => Promise<void>): AnyHandler {
    const { type } = handler;
    return {
      type,
      handle: (work, context) =>
        this.#paces.note(type, () => inTime(() => handler.handle(work, context))),
    };
  }
}
