import type { FastifyBaseLogger } from 'fastify';
import type { WakeUps } from './wake-ups.ts';

const longestSleepMs = 1000;

/**
 * Empties the outbox whenever a commit says that there is something in it, and looks by itself once
 * a second in case the word was lost.
 */
export class Relay {
  readonly #wakeUps: WakeUps;
  readonly #relayBatch: () => Promise<number>;
  readonly #stuckAfter: number;
  readonly #log: FastifyBaseLogger;
  /** Something was said since the last look; it may come while nobody sleeps. */
  #woken = false;
  #endSleep: () => void = () => undefined;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #lastSuccess = performance.now();

  /**
   * @param listen makes what calls back when a commit wrote to the outbox.
   * @param stuckAfter milliseconds without success after which `check` throws.
   */
  constructor(
    listen: (wake: () => void) => WakeUps,
    relayBatch: () => Promise<number>,
    stuckAfter: number,
    log: FastifyBaseLogger,
  ) {
    this.#wakeUps = listen(() => {
      this.#woken = true;
      this.#endSleep();
    });
    this.#relayBatch = relayBatch;
    this.#stuckAfter = stuckAfter;
    this.#log = log;
  }

  start(): void {
    this.#lastSuccess = performance.now();
    this.#running = this.#run();
  }

  /** Throws when the outbox has not been looked into, with success, for suspiciously long. */
  check(): void {
    const age = performance.now() - this.#lastSuccess;
    if (age > this.#stuckAfter) throw new Error(`nothing was relayed for ${Math.round(age)} ms`);
  }

  /** Publishes what is left, and stops. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endSleep();
    await this.#running;
    await this.#wakeUps.stop();
  }

  async #run(): Promise<void> {
    while (true) {
      const last = this.#stopped;
      let published = 0;
      this.#woken = false;
      try {
        await this.#wakeUps.listen();
        published = await this.#relayBatch();
        this.#lastSuccess = performance.now();
      } catch (error) {
        this.#log.warn({ err: error }, 'the outbox could not be relayed; trying again');
        if (last) return;
      }
      if (published > 0) continue;
      if (last) return;
      await this.#sleep();
    }
  }

  #sleep(): Promise<void> {
    if (this.#stopped || this.#woken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longestSleepMs);
      this.#endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
