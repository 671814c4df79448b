import { AsyncLocalStorage } from 'node:async_hooks';
import { NamedError, sharedState } from '../copies/index.ts';

/** The caller does not want the answer any more; what is being done for it should stop. */
export class DeadlineExceededError extends NamedError {
  override readonly name = 'DeadlineExceededError';
  readonly statusCode = 504;

  constructor() {
    super("the caller's deadline has passed");
  }
}

/** The caller closed the connection before it had its answer. */
export class CallerGoneError extends NamedError {
  override readonly name = 'CallerGoneError';
  /** Nobody receives it, but logs and metrics have it; the number is nginx's. */
  readonly statusCode = 499;

  constructor() {
    super('the caller has gone away');
  }
}

/** How long the caller of the work that is being done waits for its answer. */
export interface Deadline {
  /** Milliseconds of `performance.now()`; `Infinity` when the caller has set no limit. */
  readonly at: number;
  /** Aborts with a DeadlineExceededError then, or earlier with why the caller does not wait any more. */
  readonly signal: AbortSignal;
  /** Whether something was told to commit: then the answer says what came of it, even if it is late. */
  isCommitting?: boolean;
}

const current: AsyncLocalStorage<Deadline> = sharedState(
  'deadline',
  (value) => value instanceof AsyncLocalStorage,
  () => new AsyncLocalStorage<Deadline>(),
);

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

/** The deadline of the work that is being done, if it is done for a caller. */
export function currentDeadline(): Deadline | undefined {
  return current.getStore();
}

/** @throws DeadlineExceededError, or why else nobody waits for the work any more. */
export function requireTimeLeft(): void {
  const deadline = current.getStore();
  deadline?.signal.throwIfAborted();
  if (deadline !== undefined && performance.now() >= deadline.at) throw new DeadlineExceededError();
}

/**
 * Marks the point of no return of a unit of work: from here on it is no longer given up.
 *
 * @throws as `requireTimeLeft`, so that what is complete too late is undone.
 */
export function beginCommit(): void {
  requireTimeLeft();
  const deadline = current.getStore();
  if (deadline !== undefined) deadline.isCommitting = true;
}
