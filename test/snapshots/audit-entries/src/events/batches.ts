import type { FastifyInstance } from 'fastify';
import { withTimeout } from '../resilience/timeout.ts';
import type { EventsConfig } from './config.ts';
import type { AnyHandler, Handling } from './handler.ts';
import { handleOnce, handleTogether } from './once.ts';
import { Paces } from './paces.ts';

/** How many events may share a transaction, and how long that may take: as expected, and in the end. */
const mostTogether = 32;
const expectedMs = 200;
const togetherMs = 1000;

interface Waiting extends Handling {
  /** How long its handler may take, by what others of its type took. */
  readonly expectedMs: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Gives each event its turn, as many at once as the configuration allows. While the turns are taken,
 * what waits gathers, and the next turn is that of several events in one transaction: the busier the
 * service, the less each costs, and nothing ever waits for others to join it. Only events whose
 * handlers have been quick and successful of late share, in half of the turns; the slow never have
 * all. When anything goes wrong with a shared transaction it is undone, and each of its events is
 * handled alone, as if it had never been tried.
 */
export class Batches {
  readonly #app: FastifyInstance;
  readonly #config: EventsConfig;
  readonly #paces = new Paces();
  readonly #sharing: Waiting[] = [];
  readonly #alone: Waiting[] = [];
  #turns = 0;
  #sharedTurns = 0;
  #isDue = false;

  constructor(app: FastifyInstance, config: EventsConfig) {
    this.#app = app;
    this.#config = config;
  }

  /**
   * Resolves when the event's effect is there to stay, and rejects with what its own handler or
   * transaction failed with.
   *
   * @param alone whether the event is kept from sharing: one that failed before.
   */
  handle({ handler, context }: Handling, alone: boolean): Promise<void> {
    const pace = this.#paces.of(handler.type);
    const mayShare = handleTogether !== undefined && !alone && pace <= expectedMs / 2;
    return new Promise((resolve, reject) => {
      const queue = mayShare ? this.#sharing : this.#alone;
      queue.push({ handler, context, expectedMs: pace, resolve, reject });
      this.#beginSoon();
    });
  }

  /** Rejects all whose turn has not come. */
  dismiss(reason: Error): void {
    for (const { reject } of [...this.#sharing.splice(0), ...this.#alone.splice(0)]) reject(reason);
  }

  /** Not at once: what is ready at the same moment is to be seen together. */
  #beginSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      while (this.#turns < this.#config.concurrency && this.#begin());
    });
  }

  /** Begins the next turn, if there is anything for it. */
  #begin(): boolean {
    const freeToShare = Math.ceil(this.#config.concurrency / 2) - this.#sharedTurns;
    if (freeToShare > 0 && this.#sharing.length > 0) {
      const batch = this.#sharing.splice(0, this.#countForOneOf(freeToShare));
      this.#sharedTurns += 1;
      void this.#turn(() => this.#together(batch).finally(() => (this.#sharedTurns -= 1)));
      return true;
    }
    const one = this.#alone.shift();
    if (one !== undefined) void this.#turn(() => this.#byItself(one));
    return one !== undefined;
  }

  /** How many may share a turn: quick ones, and no more than leaves something for each free turn. */
  #countForOneOf(turns: number): number {
    const fair = Math.min(Math.ceil(this.#sharing.length / turns), mostTogether);
    let left = expectedMs;
    const tooMany = this.#sharing.slice(0, fair).findIndex((one) => {
      left -= one.expectedMs;
      return left < 0;
    });
    return tooMany === -1 ? fair : tooMany;
  }

  async #turn(run: () => Promise<unknown>): Promise<void> {
    this.#turns += 1;
    await run();
    this.#turns -= 1;
    this.#beginSoon();
  }

  async #byItself({ handler, context, resolve, reject }: Waiting): Promise<void> {
    const timed = this.#timed(handler, () => this.#config.handlerTimeout);
    await handleOnce(this.#app, timed, context).then(resolve, reject);
  }

  async #together(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (first !== undefined && batch.length === 1) return this.#byItself(first);
    const end = performance.now() + Math.min(togetherMs, this.#config.handlerTimeout);
    const left = (): number => Math.max(1, end - performance.now());
    const timed = batch.map(({ handler, context }) => ({
      handler: this.#timed(handler, left),
      context,
    }));
    try {
      await handleTogether?.(this.#app, timed);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      this.#app.log.debug({ err: error }, 'events that shared a transaction are handled alone');
      this.#alone.unshift(...batch);
    }
  }

  /** The handler under the time that it may take, and with its pace noted. */
  #timed(handler: AnyHandler, limit: () => number): AnyHandler {
    const { type } = handler;
    return {
      type,
      handle: (work, context) =>
        this.#paces.note(type, () => withTimeout(limit(), () => handler.handle(work, context))),
    };
  }
}
