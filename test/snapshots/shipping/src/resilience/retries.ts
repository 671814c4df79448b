import { DelegateBackoff, handleType, retry } from 'cockatiel';
import type { PolicyOptions } from './policy-options.ts';
import { RetryBudget } from './retry-budget.ts';

/** A call that failed in a way that the dependency may recover from. */
export type IsFailure = (error: Error) => boolean;

/** An attempt failed and may be made again, after a pause of so many milliseconds. */
class Again extends Error {
  readonly pause: number;

  constructor(cause: unknown, pause: number) {
    super('again', { cause });
    this.pause = pause;
  }
}

/**
 * Repeats attempts that failed, by cockatiel's retry. It decides here, after each attempt, whether
 * there may be another: cockatiel knows neither of budgets and deadlines nor of `Retry-After`.
 */
export class Retries {
  readonly counts = { made: 0, over_budget: 0 };
  readonly #options: PolicyOptions;
  readonly #isFailure: IsFailure;
  readonly #budget: RetryBudget;
  readonly #retry;

  constructor(options: PolicyOptions, isFailure: IsFailure) {
    this.#options = options;
    this.#isFailure = isFailure;
    this.#budget = new RetryBudget(options.attempts - 1);
    this.#retry = retry(handleType(Again), {
      maxAttempts: options.attempts - 1,
      backoff: new DelegateBackoff(({ result }) =>
        'error' in result && result.error instanceof Again ? result.error.pause : 0,
      ),
    });
  }

  /** Notes a first attempt, which lets there be one more retry. */
  noteCall(now: number): void {
    this.#budget.noteCall(now);
  }

  /**
   * Goes on after a first attempt, which failed.
   *
   * @param run makes one attempt, in at most so many milliseconds.
   * @param until when the time for the call is over, in milliseconds of `performance.now()`.
   * @throws what the last attempt threw.
   */
  async goOn<T>(
    firstError: unknown,
    run: (left: number) => Promise<T>,
    until: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    let last = firstError;
    try {
      return await this.#retry.execute(async ({ attempt }) => {
        try {
          const left = until - performance.now();
          if (attempt === 0 || left <= 0) throw last;
          signal?.throwIfAborted();
          this.counts.made += 1;
          return await run(left);
        } catch (error) {
          last = error;
          throw this.#again(error, attempt + 1, until) ?? error;
        }
      });
    } catch (error) {
      throw error instanceof Again ? error.cause : error;
    }
  }

  /** Whether there may be another attempt after so many. */
  #again(error: unknown, made: number, until: number): Again | undefined {
    if (made >= this.#options.attempts) return undefined;
    if (!(error instanceof Error) || !this.#isFailure(error)) return undefined;
    const now = performance.now();
    const pause = Math.max(this.#jitter(made), retryAfterOf(error));
    if (now + pause >= until) return undefined;
    if (this.#budget.take(now)) return new Again(error, pause);
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
