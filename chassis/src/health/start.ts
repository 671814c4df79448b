import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { NamedError } from '../copies/index.ts';

/** The service must not start as it is, and no waiting mends that: the process ends. */
export class CannotStartError extends NamedError {
  override readonly name = 'CannotStartError';
}

const longestPauseMs = 5000;

/** Makes a part's first connection; rejects while that cannot be done. */
export type Start = (signal: AbortSignal) => Promise<void>;

/** What the parts do first, one after the other, as their plugins depend on each other. */
export class Starts {
  readonly #signal: AbortSignal;
  readonly #log: FastifyBaseLogger;
  readonly #required = new Map<string, Start>();
  readonly #others = new Map<string, Start>();

  /** @param signal aborts when the service stops. */
  constructor(signal: AbortSignal, log: FastifyBaseLogger) {
    this.#signal = signal;
    this.#log = log;
  }

  /** @param required whether callers cannot be served before it has worked. */
  add(name: string, start: Start, required: boolean): void {
    (required ? this.#required : this.#others).set(name, start);
  }

  /** The parts whose start has not worked yet. */
  pending(which: 'all' | 'required'): string[] {
    return [...this.#required.keys(), ...(which === 'all' ? this.#others.keys() : [])];
  }

  /** Runs what callers wait for first. */
  async run(): Promise<void> {
    for (const starts of [this.#required, this.#others])
      for (const [name, start] of starts) {
        await untilItWorks(name, start, this.#signal, this.#log);
        if (this.#signal.aborted) return;
        starts.delete(name);
      }
  }
}

/**
 * Tries a part's start until it works or the signal aborts, with growing pauses. A dependency that is
 * down when the service starts is an ordinary event: the service waits for it, not ready.
 *
 * @throws CannotStartError when the part says so.
 */
async function untilItWorks(
  name: string,
  start: Start,
  signal: AbortSignal,
  log: FastifyBaseLogger,
): Promise<void> {
  for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      await start(signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CannotStartError) throw error;
      log.warn({ err: error, retryInMs: pause }, `${name} is not available yet`);
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
