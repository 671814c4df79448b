import type { CircuitOptions } from './circuit-breaker.ts';

/** Limits of calls to one dependency. Times are milliseconds. */
export interface PolicyOptions extends CircuitOptions {
  /** How long one attempt may take. */
  readonly attemptTimeout: number;
  /** How long the call may take with all its waiting, attempts and pauses. */
  readonly totalTimeout: number;
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** The pause before the second attempt is up to so long, before each further one up to twice … */
  readonly backoffBase: number;
  /** … but never longer than this. */
  readonly backoffCap: number;
  /** Calls at once, and how many more may wait; the next is rejected. */
  readonly running: number;
  readonly waiting: number;
}

export const defaultPolicyOptions: PolicyOptions = {
  attemptTimeout: 5000,
  totalTimeout: 15_000,
  attempts: 3,
  backoffBase: 1000,
  backoffCap: 10_000,
  failuresToOpen: 5,
  failureRateToOpen: 0.5,
  callsForRate: 20,
  rateWindow: 10_000,
  openFor: 30_000,
  probesToClose: 2,
  running: 10,
  waiting: 20,
};
