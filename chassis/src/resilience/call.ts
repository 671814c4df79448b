import { DeadlineExceededError } from './deadline.ts';
import type { CallCounts } from './policy-metrics.ts';
import { BulkheadFullError, CircuitOpenError } from './rejection.ts';
import { type Attempt, TimeoutError } from './timeout.ts';

/**
 * What an error says of a dependency: that it failed, that it answered (though it may have refused), or
 * nothing, as when the request could not be made in the first place.
 */
export type Verdict = 'failure' | 'answer' | 'nothing';

/** Tells what an error of an attempt says of the dependency. */
export type Judge = (error: Error) => Verdict;

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
  /** Whether an attempt failed by itself. That the caller gives up afterwards takes nothing back. */
  hasFailed: boolean;
}

/** How a call ended that did not succeed. */
export function outcomeOf(
  error: unknown,
  call: Call<unknown>,
  judge: Judge,
): Exclude<keyof CallCounts, 'success'> {
  if (gaveUp(error, call)) return call.hasFailed ? 'failure' : 'cancelled';
  if (error instanceof CircuitOpenError) return 'open';
  if (error instanceof BulkheadFullError) return 'full';
  const verdict = error instanceof Error ? judge(error) : 'nothing';
  return verdict === 'answer' ? 'refused' : verdict === 'failure' ? 'failure' : 'local';
}

/**
 * Whether it was the caller who ended the call, or the caller's deadline that cut it short. However long
 * that was, it is no failure of the dependency: any caller can name a deadline, and none may open a
 * circuit for everybody.
 */
export function gaveUp(error: unknown, { limits, until, attemptTimeout }: Call<unknown>): boolean {
  if (limits.signal?.aborted === true || error instanceof DeadlineExceededError) return true;
  if (!(error instanceof TimeoutError) || until !== limits.at) return false;
  return error.milliseconds !== attemptTimeout;
}
