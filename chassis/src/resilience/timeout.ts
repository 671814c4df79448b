import { NamedError } from '../copies/index.ts';

/** An attempt took longer than it was given. To a caller of this service that is 504. */
export class TimeoutError extends NamedError {
  override readonly name = 'TimeoutError';
  readonly statusCode = 504;
  /** How long it was given. */
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`no answer within ${Math.round(milliseconds)} ms`);
    this.milliseconds = milliseconds;
  }
}

/** What an attempt is given: the signal that tells it to stop. */
export interface Attempt {
  /** Milliseconds that it was given from its start. */
  readonly milliseconds: number;
  /** Aborts when the attempt is given up, for whatever reason. */
  readonly signal: AbortSignal;
}

/**
 * An attempt whose signal is made when it is first asked for. A class on purpose: an object literal
 * with a getter would get a shape of its own at each call, which costs more than timer and signal.
 */
class TimedAttempt implements Attempt {
  readonly milliseconds: number;
  #controller: AbortController | undefined;
  #reason: unknown;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  giveUp(reason: unknown): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

/**
 * Runs one attempt under a deadline. It rejects with `TimeoutError` at the deadline whether or not
 * the attempt listens, and aborts the attempt's signal so that its work stops too.
 */
export function withTimeout<T>(
  milliseconds: number,
  run: (attempt: Attempt) => PromiseLike<T> | T,
  outer?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const attempt = new TimedAttempt(milliseconds);
    const giveUp = (why: unknown): void => {
      attempt.giveUp(why);
      finish();
      reject(why);
    };
    const onOuterAbort = (): void => giveUp(outer?.reason);
    const timer = setTimeout(
      () => giveUp(new TimeoutError(milliseconds)),
      Math.max(0, milliseconds),
    );
    const finish = (): void => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuterAbort);
    };
    if (outer?.aborted === true) return giveUp(outer.reason);
    outer?.addEventListener('abort', onOuterAbort);
    settle(run, attempt).then(
      (value) => {
        finish();
        resolve(value);
      },
      (error: unknown) => {
        finish();
        reject(error);
      },
    );
  });
}

/** Runs a function so that what it throws at once becomes a rejection like any other. */
async function settle<T>(
  run: (attempt: Attempt) => PromiseLike<T> | T,
  attempt: Attempt,
): Promise<T> {
  return run(attempt);
}
