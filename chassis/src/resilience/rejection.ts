import { NamedError } from '../copies/index.ts';

/**
 * A policy rejected a call at once, without an attempt: the dependency is known to be down, or as
 * busy as it may be. A caller of this service is told 503 with `Retry-After`.
 */
export class UnavailableError extends NamedError {
  override readonly name: string = 'UnavailableError';
  readonly statusCode = 503;
  readonly dependency: string;
  /** After how many milliseconds another call may be admitted. */
  readonly retryAfterMs: number;

  constructor(dependency: string, why: string, retryAfterMs: number) {
    super(`${dependency} is not called: ${why}`);
    this.dependency = dependency;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Too many calls have failed lately, and it is not yet time for a probe, or one is on its way. */
export class CircuitOpenError extends UnavailableError {
  override readonly name = 'CircuitOpenError';

  constructor(dependency: string, retryAfterMs: number) {
    super(dependency, 'its circuit is open', retryAfterMs);
  }
}

/** As many calls run and wait as may. */
export class BulkheadFullError extends UnavailableError {
  override readonly name = 'BulkheadFullError';

  constructor(dependency: string) {
    super(dependency, 'as many calls run and wait as may', 1000);
  }
}
