import { AsyncLocalStorage } from 'node:async_hooks';

/** The caller does not want the answer any more; what is being done for it should stop. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError';
  readonly statusCode = 504;

  constructor() {
    super("the caller's deadline has passed");
  }
}

/** By when the caller of the work that is being done wants its answer. */
export interface Deadline {
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  /** Aborts with a DeadlineExceededError then. */
  readonly signal: AbortSignal;
}

const current = new AsyncLocalStorage<Deadline>();

/**
 * The header by which the deadline travels: how many milliseconds are left when the request is sent.
 * A duration and no point in time, as clocks differ between machines.
 */
export const deadlineHeader = 'x-request-timeout-ms';

/**
 * What is told to the other side of the milliseconds that it is waited for: a twentieth less, so that
 * its answer that it was too late arrives, and says that it is not the one that hangs.
 */
export function timeToAnswer(milliseconds: number): string {
  return String(Math.max(0, Math.floor(milliseconds * 0.95)));
}

/** Runs work under a deadline, which all that it awaits and calls can see. */
export function runUntil<T>(deadline: Deadline, run: () => T): T {
  return current.run(deadline, run);
}

/** The deadline of the work that is being done, if its caller has given one. */
export function currentDeadline(): Deadline | undefined {
  return current.getStore();
}

/** @throws DeadlineExceededError when nobody waits for the work any more. */
export function requireTimeLeft(): void {
  const deadline = current.getStore();
  if (deadline !== undefined && performance.now() >= deadline.at) throw new DeadlineExceededError();
}

/**
 * Makes a change stop at its caller's deadline: before it begins, and before it is complete, so that
 * a transaction is undone that nobody waits for any more.
 */
export function inTime<W, T>(change: (work: W) => Promise<T>): (work: W) => Promise<T> {
  return async (work) => {
    requireTimeLeft();
    const result = await change(work);
    requireTimeLeft();
    return result;
  };
}
