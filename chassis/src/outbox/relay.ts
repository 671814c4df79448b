import type { FastifyBaseLogger } from 'fastify';
import type { WakeUps } from './outbox-store.ts';

/** How long nobody looks into the outbox when nobody says that there is something in it. */
const longestSleepMs = 1000;
const firstPauseMs = 100;
const longestPauseMs = 5000;
/** How long the last events may take when the service stops; those that are left go out by another. */
export const lastEventsMs = 5000;

/** Has what is in the outbox published. */
export interface Batches {
  /**
   * Publishes a batch.
   *
   * @returns how many events left the outbox, or nothing when another instance is publishing.
   */
  relay(): Promise<number | undefined>;
  /** How long it takes, in milliseconds, until an event that failed may be tried again. */
  dueIn(): number;
}

/**
 * Empties the outbox whenever a commit says that there is something in it, and looks by itself once
 * a second in case the word was lost. While the bus or the database is away it looks less and less often.
 */
export class Relay {
  readonly #wakeUps: WakeUps;
  readonly #batches: Batches;
  readonly #stuckAfter: number;
  readonly #log: FastifyBaseLogger;
  /** Something was said since the last look; it may come while nobody sleeps. */
  #woken = false;
  #endSleep: () => void = () => undefined;
  #stopBy: number | undefined;
  #running: Promise<void> = Promise.resolve();
  #failures = 0;
  /** Since when this instance has tried, and not succeeded. */
  #tryingSince: number | undefined;

  /**
   * @param listen makes what calls back when a commit wrote to the outbox.
   * @param stuckAfter milliseconds without success after which `check` throws.
   */
  constructor(
    listen: (wake: () => void) => WakeUps,
    batches: Batches,
    stuckAfter: number,
    log: FastifyBaseLogger,
  ) {
    this.#wakeUps = listen(() => {
      this.#woken = true;
      // A failure has its pause, however much is committed meanwhile.
      if (this.#failures === 0) this.#endSleep();
    });
    this.#batches = batches;
    this.#stuckAfter = stuckAfter;
    this.#log = log;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Throws when this instance has tried to publish, without success, for suspiciously long. */
  check(): void {
    if (this.#tryingSince === undefined) return;
    const age = performance.now() - this.#tryingSince;
    if (age > this.#stuckAfter) throw new Error(`nothing was relayed for ${Math.round(age)} ms`);
  }

  /** Publishes what is left, as far as that goes quickly, and stops. */
  async stop(): Promise<void> {
    this.#stopBy = performance.now() + lastEventsMs;
    this.#endSleep();
    const tooLate = Promise.withResolvers<void>();
    const timer = setTimeout(tooLate.resolve, lastEventsMs);
    await Promise.race([this.#running, tooLate.promise]);
    clearTimeout(timer);
    await this.#wakeUps.stop();
  }

  async #run(): Promise<void> {
    while (true) {
      const isLast = this.#stopBy !== undefined;
      const published = await this.#relay();
      const isLate = this.#stopBy !== undefined && performance.now() > this.#stopBy;
      if (published > 0 && !isLate) continue;
      if (isLast) return;
      await this.#sleep();
    }
  }

  /** @returns how many events left the outbox. */
  async #relay(): Promise<number> {
    const before = this.#tryingSince;
    this.#tryingSince ??= performance.now();
    this.#woken = false;
    try {
      await this.#wakeUps.listen();
      const published = await this.#batches.relay();
      // Another instance's turn is neither a success of this one nor a failure.
      this.#tryingSince = published === undefined ? before : undefined;
      if (published !== undefined) this.#failures = 0;
      return published ?? 0;
    } catch (error) {
      this.#failures += 1;
      this.#log.warn({ err: error }, 'the outbox could not be relayed; trying again');
      return 0;
    }
  }

  #sleep(): Promise<void> {
    if (this.#stopBy !== undefined || (this.#woken && this.#failures === 0))
      return Promise.resolve();
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#failures - 1));
    const limit = this.#failures > 0 ? pause : Math.min(longestSleepMs, this.#batches.dueIn());
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limit);
      this.#endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
