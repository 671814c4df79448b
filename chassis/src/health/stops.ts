import type { FastifyBaseLogger } from 'fastify';

/** Resolves when nothing of a part is in flight any more; the signal aborts when its time is over. */
export type Stop = (outOfTime: AbortSignal) => Promise<void>;

/** What of the allowed time parts have once more to end what they gave up when it was over. */
const lastShare = 0.05;

/** Lets all parts finish what they have in flight, at the same time and no longer than allowed. */
export class Stops {
  readonly #timeout: number;
  readonly #log: FastifyBaseLogger;
  readonly #stops = new Map<string, Stop>();
  readonly #unfinished = new Set<string>();

  /** @param timeout milliseconds. */
  constructor(timeout: number, log: FastifyBaseLogger) {
    this.#timeout = timeout;
    this.#log = log;
  }

  add(name: string, stop: Stop): void {
    this.#stops.set(name, stop);
  }

  /**
   * Resolves when all have stopped, or when their time is over, as the other parts are still to be closed.
   *
   * @param started when the parts have ended their start, which must not go on while they stop.
   */
  async run(started: Promise<void>): Promise<void> {
    const outOfTime = new AbortController();
    const timer = setTimeout(() => outOfTime.abort(), this.#timeout);
    const all = Promise.all([...this.#stops].map((stop) => this.#stop(stop, started, outOfTime)));
    let over: NodeJS.Timeout | undefined;
    const givenUp = new Promise((resolve) => {
      over = setTimeout(resolve, this.#timeout * (1 + lastShare));
    });
    await Promise.race([all, givenUp]);
    clearTimeout(timer);
    clearTimeout(over);
  }

  /** @throws Error naming the parts that still had something in flight when their time was over. */
  assertFinished(): void {
    if (this.#unfinished.size === 0) return;
    throw new Error(`not finished within ${this.#timeout} ms: ${[...this.#unfinished].join(', ')}`);
  }

  async #stop([name, stop]: [string, Stop], started: Promise<void>, outOfTime: AbortController) {
    this.#unfinished.add(name);
    await started;
    try {
      await stop(outOfTime.signal);
    } catch (error) {
      this.#log.error({ err: error }, `${name} did not stop in order`);
    }
    this.#unfinished.delete(name);
  }
}
