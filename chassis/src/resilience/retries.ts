import type { PolicyOptions } from './policy-options.ts';
import { RetryBudget } from './retry-budget.ts';

/** What decides, beside the policy's limits, whether a call may go on. */
export interface GoingOn {
  /** When the time for the call is over, in milliseconds of `performance.now()`. */
  readonly until: number;
  /** Aborts when the caller gives up, also in the middle of a pause. */
  readonly signal: AbortSignal | undefined;
  /** Whether the circuit lets the call go on. */
  readonly isAdmitted: () => boolean;
}

/**
 * Repeats attempts that failed. Not by cockatiel's retry, which knows neither of budgets and deadlines nor
 * of `Retry-After`, and whose pauses end for nobody: a caller who has gone would hold its place on.
 */
export class Retries {
  readonly counts = { made: 0, over_budget: 0 };
  readonly #options: PolicyOptions;
  readonly #isFailure: (error: Error) => boolean;
  readonly #budget: RetryBudget;

  /** @param isFailure tells failures that the dependency may recover from. */
  constructor(options: PolicyOptions, isFailure: (error: Error) => boolean) {
    this.#options = options;
    this.#isFailure = isFailure;
    this.#budget = new RetryBudget(options.attempts - 1);
  }

  /** Notes a first attempt, which lets there be one more retry. */
  noteCall(now: number): void {
    this.#budget.noteCall(now);
  }

  /**
   * Goes on after a first attempt, which failed.
   *
   * @param run makes one attempt, in at most so many milliseconds.
   * @throws what the last attempt threw, or the signal's reason.
   */
  async goOn<T>(
    firstError: unknown,
    run: (left: number) => Promise<T>,
    { until, signal, isAdmitted }: GoingOn,
  ): Promise<T> {
    let last = firstError;
    for (let made = 1; ; made += 1) {
      const pause = isAdmitted() ? this.#pauseAfter(last, made, until) : undefined;
      if (pause === undefined) throw last;
      await pauseFor(pause, signal);
      const left = until - performance.now();
      if (left <= 0 || !isAdmitted()) throw last;
      this.counts.made += 1;
      try {
        return await run(left);
      } catch (error) {
        last = error;
      }
    }
  }

  /** The pause before another attempt after so many, in milliseconds, if there may be another. */
  #pauseAfter(error: unknown, made: number, until: number): number | undefined {
    if (made >= this.#options.attempts) return undefined;
    if (!(error instanceof Error) || !this.#isFailure(error)) return undefined;
    const now = performance.now();
    const pause = Math.max(this.#jitter(made), retryAfterOf(error));
    if (now + pause >= until) return undefined;
    if (this.#budget.take(now)) return pause;
    this.counts.over_budget += 1;
    return undefined;
  }

  /** Full jitter: anything up to the limit, so that callers that failed together do not return together. */
  #jitter(made: number): number {
    const { backoffBase, backoffCap } = this.#options;
    return Math.random() * Math.min(backoffCap, backoffBase * 2 ** (made - 1));
  }
}

/** How long the dependency asks to be left alone, in milliseconds. */
function retryAfterOf(error: Error): number {
  return 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : 0;
}

/** @throws the signal's reason as soon as it aborts. */
function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });
}
