import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { withTimeout } from '../resilience/index.ts';
import type { EventBus } from './bus/bus.ts';

const lookEveryMs = 5000;
/** A broker that hangs may never answer. */
const longestLookMs = 10_000;

/**
 * The topics of other services, which those create: they are consumed as soon as they are there, and
 * nothing else waits for them.
 */
export class AwaitedTopics {
  readonly #bus: EventBus;
  readonly #log: FastifyBaseLogger;
  #missing: readonly string[];
  /** What is to be consumed with the first of them. */
  #alongside: readonly string[] = [];

  constructor(bus: EventBus, topics: readonly string[], log: FastifyBaseLogger) {
    this.#bus = bus;
    this.#log = log;
    this.#missing = topics;
  }

  /** Throws, naming them, while some are not there. */
  check(): void {
    if (this.#missing.length > 0) throw new Error(`not there yet: ${this.#missing.join(', ')}`);
  }

  /** Consumes those that are there by now; `alongside` is consumed with them the first time. */
  async consume(
    consume: (topics: readonly string[]) => Promise<void>,
    alongside: readonly string[] = [],
  ): Promise<void> {
    this.#alongside = [...new Set([...this.#alongside, ...alongside])];
    const before = this.#missing;
    const missing =
      before.length === 0 ? [] : await withTimeout(longestLookMs, () => this.#bus.missing(before));
    if (missing.length > 0 && this.#bus.consumesAllAtOnce === true) return;
    const present = before.filter((topic) => !missing.includes(topic));
    const topics = [...this.#alongside, ...present];
    if (topics.length > 0) await consume(topics);
    this.#alongside = [];
    this.#missing = missing;
  }

  /** Looks for the others until none is missing or the signal aborts. */
  async await(
    consume: (topics: readonly string[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#missing.length > 0)
      this.#log.warn({ topics: this.#missing }, 'topics of other services are not there yet');
    while (this.#missing.length > 0 && !signal.aborted) {
      await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const before = this.#missing;
      try {
        await this.consume(consume);
      } catch (error) {
        this.#log.warn({ err: error }, 'topics of other services cannot be looked for');
      }
      const found = before.filter((topic) => !this.#missing.includes(topic));
      if (found.length > 0) this.#log.info({ topics: found }, 'topics of others are consumed now');
    }
  }
}
