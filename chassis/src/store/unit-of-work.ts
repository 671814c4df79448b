import {
  beginCommit,
  currentDeadline,
  requireTimeLeft,
  untilGivenUp,
} from '../resilience/index.ts';

/** How a unit of work is given up before it has committed. */
export interface UnitOptions {
  /** Gives it up when it aborts; without one that is when the caller stops waiting, or the limit passes. */
  readonly signal?: AbortSignal;
}

/**
 * The unit of work is over: it has committed, failed, or was given up. What is asked of it now, by work
 * that nobody waits for any more, is refused.
 */
export class UnitOfWorkClosedError extends Error {
  override readonly name = 'UnitOfWorkClosedError';

  constructor() {
    super('the unit of work is over');
  }
}

/** A unit of work took longer than it may, and was undone. */
export class UnitOfWorkTimeoutError extends Error {
  override readonly name = 'UnitOfWorkTimeoutError';
  readonly statusCode = 503;

  constructor(milliseconds: number) {
    super(`the unit of work was not done within ${milliseconds} ms and was undone`);
  }
}

/** Runs a unit of work with a signal that aborts when its caller stops waiting, or its time is over. */
export async function withinLimit<T>(
  milliseconds: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(
    () => stop.abort(new UnitOfWorkTimeoutError(milliseconds)),
    milliseconds,
  );
  const caller = currentDeadline()?.signal;
  const onCallerGivesUp = (): void => stop.abort(caller?.reason);
  caller?.addEventListener('abort', onCallerGivesUp, { once: true });
  try {
    requireTimeLeft();
    return await run(stop.signal);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', onCallerGivesUp);
  }
}

/** Where a unit of work only gathers what it changes: lets nothing in once it is over. */
export class UnitOfWorkGate {
  #isOpen = true;

  /** Runs work, and is closed when that ends or is given up, whichever is first. */
  async during<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    try {
      const result = await untilGivenUp(signal, run);
      beginCommit();
      return result;
    } finally {
      this.#isOpen = false;
    }
  }

  /** @throws UnitOfWorkClosedError */
  requireOpen(): void {
    if (!this.#isOpen) throw new UnitOfWorkClosedError();
  }
}
