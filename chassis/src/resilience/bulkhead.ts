import { type BulkheadPolicy, bulkhead } from 'cockatiel';
import { BulkheadFullError } from './rejection.ts';
import { withTimeout } from './timeout.ts';

/**
 * So many calls at once, so many more waiting, and the next one rejected: cockatiel's bulkhead, whose
 * queue does not notice when one who waits in it gives up. Here such a one is told at once, and
 * counts no longer; so its queue is without limit, and the limit is kept here.
 */
export class Bulkhead {
  readonly #dependency: string;
  readonly #places: BulkheadPolicy;
  readonly #running: number;
  readonly #most: number;
  #inside = 0;

  constructor(dependency: string, running: number, waiting: number) {
    this.#dependency = dependency;
    this.#places = bulkhead(running, Number.POSITIVE_INFINITY);
    this.#running = running;
    this.#most = running + waiting;
  }

  /** Calls that run and that wait now. */
  get state(): { running: number; waiting: number } {
    const running = this.#running - this.#places.executionSlots;
    return { running, waiting: Math.max(0, this.#inside - running) };
  }

  /**
   * Runs work now, or when there is a place for it.
   *
   * @param milliseconds how long it may wait and run; work that need not wait must keep to that itself.
   * @param signal of a caller who may give up.
   * @throws BulkheadFullError at once, TimeoutError, or the signal's reason.
   */
  async run<T>(
    work: (signal: AbortSignal | undefined) => Promise<T>,
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    if (this.#inside >= this.#most) throw new BulkheadFullError(this.#dependency);
    this.#inside += 1;
    try {
      if (signal === undefined && this.#places.executionSlots > 0) {
        return await this.#places.execute(() => work(undefined));
      }
      return await withTimeout(
        milliseconds,
        (call) => this.#places.execute(() => work(call.signal), call.signal),
        signal,
      );
    } finally {
      this.#inside -= 1;
    }
  }
}
