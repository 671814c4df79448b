import { SlidingWindow } from './sliding-window.ts';

const windowMs = 10_000;

/**
 * Lets retries at most double the load on a dependency: in any ten seconds no more of them than first
 * attempts. A call that comes alone may still use all its attempts; without that, the only call of a
 * quiet service could not be repeated twice.
 */
export class RetryBudget {
  readonly #attempts = new SlidingWindow(windowMs);
  readonly #always: number;

  /** @param always so many retries in ten seconds are granted however few the calls. */
  constructor(always: number) {
    this.#always = always;
  }

  /** Notes a first attempt. */
  noteCall(now: number): void {
    this.#attempts.add(now, false);
  }

  /** Takes one retry out of the budget, or says that there is none left. */
  take(now: number): boolean {
    this.#attempts.forgetOld(now);
    const { all, marked: retries } = this.#attempts;
    if (retries >= Math.max(all - retries, this.#always)) return false;
    this.#attempts.add(now, true);
    return true;
  }
}
