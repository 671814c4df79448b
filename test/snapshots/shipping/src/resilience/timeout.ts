/** An attempt took longer than it was given. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}

/** What an attempt is given: the signal that tells it to stop. */
export interface Attempt {
  /** Aborts when the attempt is given up, for whatever reason. */
  readonly signal: AbortSignal;
}

/**
 * Runs one attempt under a deadline. It rejects with `TimeoutError` at the deadline whether or not
 * the attempt listens, and aborts the attempt's signal so that its work stops too.
 *
 * The signal is made when it is first asked for: an AbortController and its listener cost several
 * times what the timer does.
 */
export function withTimeout<T>(
  milliseconds: number,
  run: (attempt: Attempt) => PromiseLike<T> | T,
  outer?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let controller: AbortController | undefined;
    let reason: unknown;
    const giveUp = (why: unknown): void => {
      reason = why;
      controller?.abort(why);
      finish();
      reject(why);
    };
    const onOuterAbort = (): void => giveUp(outer?.reason);
    const timer = setTimeout(() => giveUp(new TimeoutError(milliseconds)), milliseconds);
    const finish = (): void => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuterAbort);
    };
    if (outer?.aborted === true) return giveUp(outer.reason);
    outer?.addEventListener('abort', onOuterAbort);
    const attempt: Attempt = {
      get signal() {
        controller ??= new AbortController();
        if (reason !== undefined) controller.abort(reason);
        return controller.signal;
      },
    };
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
