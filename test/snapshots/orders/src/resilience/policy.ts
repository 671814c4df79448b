import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { Bulkhead } from './bulkhead.ts';
import { type Call, type CallLimits, gaveUp, outcomeOf } from './call.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { DeadlineExceededError } from './deadline.ts';
import { type CallCounts, noCalls, showPolicy } from './policy-metrics.ts';
import { defaultPolicyOptions, type PolicyOptions } from './policy-options.ts';
import { type IsFailure, Retries } from './retries.ts';
import { type Attempt, TimeoutError, withTimeout } from './timeout.ts';

export type { CallLimits } from './call.ts';

const noLimits: CallLimits = {};

/**
 * Calls one dependency: bulkhead → circuit breaker → retry → timeout → attempt.
 *
 * In this order because: calls that wait for a place are no load, and have not yet passed the
 * breaker, so that an opening circuit rejects them too; the breaker counts calls as their user sees
 * them, so that what a retry cures opens nothing, and an open circuit is never retried; the timeout
 * is innermost, so that a slow attempt is given up while there is time for another.
 *
 * One policy for each dependency: they share nothing, so that one that is down takes no other along.
 */
export class Policy {
  readonly #options: PolicyOptions;
  readonly #isFailure: IsFailure;
  readonly #bulkhead: Bulkhead;
  readonly #breaker: CircuitBreaker;
  readonly #retries: Retries;
  readonly #calls: CallCounts = noCalls();

  /** @param isFailure tells failures of the dependency from its answers and the caller's own faults. */
  constructor(
    dependency: string,
    isFailure: IsFailure,
    { log, metrics }: { readonly log: FastifyBaseLogger; readonly metrics: Registry },
    given: Partial<PolicyOptions> = {},
  ) {
    this.#options = { ...defaultPolicyOptions, ...given };
    this.#isFailure = isFailure;
    this.#bulkhead = new Bulkhead(dependency, this.#options.running, this.#options.waiting);
    this.#breaker = new CircuitBreaker(dependency, this.#options, (state) =>
      log.warn({ dependency, state }, 'circuit breaker changed state'),
    );
    this.#retries = new Retries(this.#options, isFailure);
    showPolicy(metrics, {
      dependency,
      circuit: () => this.#breaker.state,
      bulkhead: () => this.#bulkhead.state,
      calls: this.#calls,
      retries: this.#retries.counts,
    });
  }

  /**
   * @param safeToRepeat whether a second attempt cannot do harm (idempotent, or with a key).
   * @throws CircuitOpenError or BulkheadFullError at once when open or full, TimeoutError when the
   *   policy's time is up, DeadlineExceededError or the signal's reason when the caller's is, and
   *   otherwise what the last attempt threw.
   */
  async execute<T>(
    run: (attempt: Attempt) => Promise<T>,
    safeToRepeat: boolean,
    limits: CallLimits = noLimits,
  ): Promise<T> {
    const now = performance.now();
    const total = limits.timeout ?? this.#options.totalTimeout;
    const until = Math.min(now + total, limits.at ?? Number.POSITIVE_INFINITY);
    const attemptTimeout = limits.timeout ?? this.#options.attemptTimeout;
    const call: Call<T> = { run, safeToRepeat, limits, until, attemptTimeout };
    try {
      if (until <= now) throw new DeadlineExceededError();
      this.#breaker.check(now);
      const value = await this.#bulkhead.run(
        (signal) => this.#guarded(call, signal),
        until - now,
        limits.signal,
      );
      this.#calls.success += 1;
      return value;
    } catch (error) {
      this.#calls[outcomeOf(error, call, this.#isFailure)] += 1;
      throw error instanceof TimeoutError && gaveUp(error, call)
        ? new DeadlineExceededError()
        : error;
    }
  }

  /** The call inside the circuit breaker. */
  async #guarded<T>(call: Call<T>, signal: AbortSignal | undefined): Promise<T> {
    const now = performance.now();
    const ticket = this.#breaker.admit(now);
    call.begun = now;
    try {
      const value = await this.#attempts(call, now, signal);
      this.#breaker.succeeded(ticket, performance.now());
      return value;
    } catch (error) {
      const outcome = outcomeOf(error, call, this.#isFailure);
      if (outcome === 'cancelled') this.#breaker.cancelled(ticket);
      else if (outcome === 'failure') this.#breaker.failed(ticket, performance.now());
      else this.#breaker.succeeded(ticket, performance.now());
      throw error;
    }
  }

  #attempts<T>(call: Call<T>, now: number, signal: AbortSignal | undefined): Promise<T> {
    const { run, until, safeToRepeat, attemptTimeout } = call;
    const attempt = (left: number): Promise<T> =>
      withTimeout(Math.min(attemptTimeout, left), run, signal);
    this.#retries.noteCall(now);
    const first = attempt(until - now);
    if (!safeToRepeat) return first;
    return first.catch((error) => this.#retries.goOn(error, attempt, until, signal));
  }
}
