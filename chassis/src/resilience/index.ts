export type { CallLimits, Judge, Verdict } from './call.ts';
export {
  beginCommit,
  CallerGoneError,
  currentDeadline,
  type Deadline,
  DeadlineExceededError,
  deadlineHeader,
  requireTimeLeft,
  runUntil,
  timeToAnswer,
} from './deadline.ts';
export { withFallback } from './fallback.ts';
export { lateAttemptsAtOnce } from './late-attempts.ts';
export { Policy, type PolicyTools } from './policy.ts';
export { defaultPolicyOptions, type PolicyOptions } from './policy-options.ts';
export { BulkheadFullError, CircuitOpenError, UnavailableError } from './rejection.ts';
export { type Attempt, TimeoutError, withTimeout } from './timeout.ts';
export { untilGivenUp } from './until-given-up.ts';
