import { DeadlineExceededError } from './deadline.ts';
import { type Attempt, TimeoutError, withTimeout } from './timeout.ts';

/** As many as there are failures in a row that open a circuit by default. */
export const lateAttemptsAtOnce = 5;

/** How long one attempt may take. */
interface Limits {
  /** Milliseconds that its caller leaves it. */
  readonly left: number;
  /** Milliseconds that the dependency has for any attempt: more than are left. */
  readonly whole: number;
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Attempts whose callers' deadlines come before the time is up that the dependency has. That such a
 * deadline passes says nothing of the dependency; but one that hangs would never be noticed where all
 * callers set deadlines, as in a chain of services. So a few such attempts at a time go on without their
 * callers, and without their places in the bulkhead, until they have had the dependency's own time: how
 * they end then is what counts.
 */
export class LateAttempts {
  readonly #closing = new AbortController();
  #goingOn = 0;

  /**
   * Runs an attempt as long as its caller waits.
   *
   * @param goesOn is told how the attempt will end when it goes on without its caller.
   */
  async run<T>(
    run: (attempt: Attempt) => Promise<T>,
    { left, whole, signal }: Limits,
    goesOn: (ending: Promise<T>) => void,
  ): Promise<T> {
    const stop = new AbortController();
    let hasEnded = false;
    const ending = withTimeout(
      whole,
      (attempt) => run({ milliseconds: left, signal: attempt.signal }),
      AbortSignal.any([stop.signal, this.#closing.signal]),
    ).finally(() => {
      hasEnded = true;
    });
    try {
      return await withTimeout(left, () => ending, signal);
    } catch (error) {
      const isLate = error instanceof TimeoutError || error instanceof DeadlineExceededError;
      if (hasEnded || !isLate || this.#goingOn >= lateAttemptsAtOnce) {
        stop.abort(error);
        throw error;
      }
      this.#goingOn += 1;
      const done = (): void => {
        this.#goingOn -= 1;
      };
      ending.then(done, done);
      goesOn(ending);
      throw error;
    }
  }

  /** Gives up what goes on. */
  close(): void {
    this.#closing.abort(new DeadlineExceededError());
  }
}
