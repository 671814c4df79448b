import {
  BrokenCircuitError,
  bulkhead,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import type { FastifyBaseLogger } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import { type Attempt, withTimeout } from './timeout.ts';

/** Limits of calls to one dependency. Times are milliseconds. */
export interface PolicyOptions {
  /** How long one attempt may take. */
  readonly attemptTimeout: number;
  /** How long the call may take with all its attempts and pauses. */
  readonly totalTimeout: number;
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Failures in a row that open the circuit. */
  readonly failuresToOpen: number;
  /** How long an open circuit rejects before it lets calls probe. */
  readonly openFor: number;
  /** Probes that must all succeed for the circuit to close; one that fails opens it again. */
  readonly probesToClose: number;
  /** Calls at once, and how many more may wait; the next is rejected. */
  readonly running: number;
  readonly waiting: number;
}

export const defaultPolicyOptions: PolicyOptions = {
  attemptTimeout: 5000,
  totalTimeout: 15_000,
  attempts: 3,
  failuresToOpen: 5,
  openFor: 30_000,
  probesToClose: 2,
  running: 10,
  waiting: 20,
};

/** A call that failed in a way that the dependency may recover from, and that is safe to repeat. */
export type IsFailure = (error: Error) => boolean;

/** Calls one dependency: `bulkhead(breaker(retry(timeout(attempt))))`. */
export interface Policy {
  /**
   * @param safeToRepeat whether a second attempt cannot do harm (idempotent, or with a key).
   * @throws BulkheadRejectedError or BrokenCircuitError at once when full or open, TimeoutError when
   *   the time is up, and otherwise what the last attempt threw.
   */
  execute<T>(run: (attempt: Attempt) => Promise<T>, safeToRepeat: boolean): Promise<T>;
}

/**
 * Makes the policy of one dependency. The bulkhead is outermost, so that calls that wait are no load
 * and an open circuit frees their places at once; the breaker counts calls with all their retries,
 * as its user sees them; the timeout is innermost, so that a slow attempt can be followed by another.
 */
export function createPolicy(
  name: string,
  isFailure: IsFailure,
  { log, metrics }: { log: FastifyBaseLogger; metrics: Registry },
  given: Partial<PolicyOptions> = {},
): Policy {
  const options = { ...defaultPolicyOptions, ...given };
  const failures = handleWhen(
    (error) => error instanceof Error && !(error instanceof BrokenCircuitError) && isFailure(error),
  );
  const breaker = circuitBreaker(failures, {
    halfOpenAfter: options.openFor,
    halfOpenSampling: { calls: options.probesToClose, threshold: 0 },
    breaker: new ConsecutiveBreaker(options.failuresToOpen),
  });
  const state = stateGauge(metrics);
  state.set({ dependency: name }, breaker.state);
  breaker.onStateChange((next) => {
    state.set({ dependency: name }, next);
    log.warn({ dependency: name, state: CircuitState[next] }, 'circuit breaker changed state');
  });
  const limit = wrap(bulkhead(options.running, options.waiting), breaker);
  const again = retry(failures, {
    maxAttempts: options.attempts - 1,
    backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 10_000 }),
  });
  return {
    execute(run, safeToRepeat) {
      if (!safeToRepeat) return limit.execute(() => withTimeout(options.attemptTimeout, run));
      return limit.execute(async () => {
        const started = performance.now();
        try {
          return await withTimeout(Math.min(options.attemptTimeout, options.totalTimeout), run);
        } catch (error) {
          const left = options.totalTimeout - (performance.now() - started);
          return withTimeout(left, ({ signal }) => repeat(run, error, signal));
        }
      });
    },
  };

  /**
   * Goes on after a first attempt that failed, which counts as the retry policy's first. The total
   * deadline's timer and signal are made only here: most calls need no second attempt, and for them
   * they would cost as much as everything else together.
   */
  function repeat<T>(
    run: (attempt: Attempt) => Promise<T>,
    firstError: unknown,
    total: AbortSignal,
  ): Promise<T> {
    return again.execute(({ attempt, signal }) => {
      if (attempt === 0) throw firstError;
      return withTimeout(options.attemptTimeout, run, signal);
    }, total);
  }
}

function stateGauge(metrics: Registry): Gauge {
  const name = 'circuit_breaker_state';
  const known = metrics.getSingleMetric(name);
  if (known instanceof Gauge) return known;
  return new Gauge({
    name,
    help: '0 closed, 1 open, 2 half-open, 3 isolated',
    labelNames: ['dependency'],
    registers: [metrics],
  });
}
