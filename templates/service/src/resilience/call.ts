import { DeadlineExceededError } from './deadline.ts';
import type { CallCounts } from './policy-metrics.ts';
import { BulkheadFullError, CircuitOpenError } from './rejection.ts';
import type { IsFailure } from './retries.ts';
import { type Attempt, TimeoutError } from './timeout.ts';

/** What a caller sets itself, beyond the policy's own limits. */
export interface CallLimits {
  /** Milliseconds of `performance.now()` after which it does not want the answer any more. */
  readonly at?: number;
  /** Aborts when it gives up. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds that stand for both of the policy's timeouts, for what takes as long as its caller
   * makes it, such as sending on a body that is still being received.
   */
  readonly timeout?: number;
}

/** One call on its way through a policy. Times are milliseconds, points in time those of `performance.now()`. */
export interface Call<T> {
  readonly run: (attempt: Attempt) => Promise<T>;
  readonly safeToRepeat: boolean;
  readonly limits: CallLimits;
  readonly until: number;
  readonly attemptTimeout: number;
  /** When it had its place and was let through. */
  begun?: number;
}

/** How a call ended that did not succeed. */
export function outcomeOf(
  error: unknown,
  call: Call<unknown>,
  isFailure: IsFailure,
): Exclude<keyof CallCounts, 'success'> {
  if (gaveUp(error, call)) return hadItsTime(error, call) ? 'failure' : 'cancelled';
  if (error instanceof CircuitOpenError) return 'open';
  if (error instanceof BulkheadFullError) return 'full';
  return error instanceof Error && isFailure(error) ? 'failure' : 'refused';
}

/** Whether it was the caller who ended the call, or the caller's deadline that cut it short. */
export function gaveUp(error: unknown, { limits, until, attemptTimeout }: Call<unknown>): boolean {
  if (limits.signal?.aborted === true || error instanceof DeadlineExceededError) return true;
  if (!(error instanceof TimeoutError) || until !== limits.at) return false;
  return error.milliseconds !== attemptTimeout;
}

/**
 * A deadline counts against a dependency that had at least half of an attempt's time. In a chain of
 * services all wait for the slowest with nearly the same deadline: only so does the one open its
 * circuit that calls it, and not the first of the chain, which would lose all else with it. A caller in
 * a hurry, on the other hand, must not open it for everybody.
 */
function hadItsTime(error: unknown, { begun, attemptTimeout }: Call<unknown>): boolean {
  if (!(error instanceof TimeoutError || error instanceof DeadlineExceededError)) return false;
  return begun !== undefined && performance.now() - begun >= attemptTimeout / 2;
}
