import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';

const pauseMs = 1000;

/** Does something round after round until it is stopped. After a round that fails it pauses. */
export class Loop {
  readonly #what: string;
  readonly #round: (stopping: AbortSignal) => Promise<void>;
  readonly #log: FastifyBaseLogger;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #problem: Error | undefined;

  /** @param what names it in the log, as in 'reading events'. */
  constructor(
    what: string,
    round: (stopping: AbortSignal) => Promise<void>,
    log: FastifyBaseLogger,
  ) {
    this.#what = what;
    this.#round = round;
    this.#log = log;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Throws while the last round is one that failed. */
  check(): void {
    if (this.#problem !== undefined) throw this.#problem;
  }

  /** Lets the round end that is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#round(signal);
        this.#problem = undefined;
      } catch (error) {
        if (signal.aborted) return;
        this.#problem = error instanceof Error ? error : new Error(String(error));
        this.#log.warn({ err: error }, `${this.#what} failed; trying again`);
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
