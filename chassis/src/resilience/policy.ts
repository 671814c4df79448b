import type { Registry } from 'prom-client';
import { Bulkhead } from './bulkhead.ts';
import { type Call, type CallLimits, gaveUp, type Judge, outcomeOf } from './call.ts';
import { CircuitBreaker, type Ticket } from './circuit-breaker.ts';
import { DeadlineExceededError } from './deadline.ts';
import { LateAttempts } from './late-attempts.ts';
import { type CallCounts, noCalls, showPolicy } from './policy-metrics.ts';
import { defaultPolicyOptions, type PolicyOptions } from './policy-options.ts';
import { Retries } from './retries.ts';
import { type Attempt, TimeoutError, withTimeout } from './timeout.ts';

/** What a policy needs from the process that it runs in. */
export interface PolicyTools {
  /** Such as pino's, or Fastify's `app.log`. */
  readonly log: { warn(details: object, message: string): void };
  /** The registry of prom-client in which the policy shows itself. */
  readonly metrics: Registry;
}

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
  readonly #judge: Judge;
  readonly #bulkhead: Bulkhead;
  readonly #breaker: CircuitBreaker;
  readonly #retries: Retries;
  readonly #late = new LateAttempts();
  readonly #calls: CallCounts = noCalls();

  /** @param judge tells failures of the dependency from its answers and the caller's own faults. */
  constructor(
    dependency: string,
    judge: Judge,
    { log, metrics }: PolicyTools,
    given: Partial<PolicyOptions> = {},
  ) {
    this.#options = { ...defaultPolicyOptions, ...given };
    this.#judge = judge;
    this.#bulkhead = new Bulkhead(dependency, this.#options.running, this.#options.waiting);
    this.#breaker = new CircuitBreaker(dependency, this.#options, (state) =>
      log.warn({ dependency, state }, 'circuit breaker changed state'),
    );
    this.#retries = new Retries(this.#options, (error) => judge(error) === 'failure');
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
    const call: Call<T> = { run, safeToRepeat, limits, until, attemptTimeout, hasFailed: false };
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
      this.#calls[outcomeOf(error, call, this.#judge)] += 1;
      throw error instanceof TimeoutError && gaveUp(error, call)
        ? new DeadlineExceededError()
        : error;
    }
  }

  /** Gives up what goes on without its caller. */
  close(): void {
    this.#late.close();
  }

  /** The call inside the circuit breaker. */
  async #guarded<T>(call: Call<T>, signal: AbortSignal | undefined): Promise<T> {
    const ticket = this.#breaker.admit(performance.now());
    let ending: Promise<T> | undefined;
    const goesOn = (late: Promise<T>): void => {
      ending = late;
    };
    try {
      const value = await this.#attempts(call, ticket, signal, goesOn);
      this.#breaker.succeeded(ticket, performance.now());
      return value;
    } catch (error) {
      if (ending === undefined || call.hasFailed) this.#note(error, call, ticket);
      else void this.#noteEnding(ending, call, ticket);
      throw error;
    }
  }

  #attempts<T>(
    call: Call<T>,
    ticket: Ticket,
    signal: AbortSignal | undefined,
    goesOn: (ending: Promise<T>) => void,
  ): Promise<T> {
    const { until, safeToRepeat } = call;
    const attempt = (left: number): Promise<T> =>
      this.#attempt(call, left, signal, goesOn).catch((error: unknown) => {
        if (outcomeOf(error, call, this.#judge) === 'failure') call.hasFailed = true;
        throw error;
      });
    const now = performance.now();
    this.#retries.noteCall(now);
    const first = attempt(until - now);
    if (!safeToRepeat) return first;
    const isAdmitted = (): boolean => this.#breaker.isCurrent(ticket);
    return first.catch((error) =>
      this.#retries.goOn(error, attempt, { until, signal, isAdmitted }),
    );
  }

  #attempt<T>(
    { run, limits, until, attemptTimeout }: Call<T>,
    left: number,
    signal: AbortSignal | undefined,
    goesOn: (ending: Promise<T>) => void,
  ): Promise<T> {
    const isCutShort = until === limits.at && left < attemptTimeout && limits.timeout === undefined;
    if (!isCutShort) return withTimeout(Math.min(attemptTimeout, left), run, signal);
    return this.#late.run(run, { left, whole: attemptTimeout, signal }, goesOn);
  }

  #note(error: unknown, call: Call<unknown>, ticket: Ticket): void {
    const outcome = outcomeOf(error, call, this.#judge);
    if (outcome === 'failure') this.#breaker.failed(ticket, performance.now());
    else if (outcome === 'refused') this.#breaker.succeeded(ticket, performance.now());
    else this.#breaker.cancelled(ticket);
  }

  /** Notes how an attempt ended that went on without its caller. */
  async #noteEnding<T>(ending: Promise<T>, call: Call<T>, ticket: Ticket): Promise<void> {
    try {
      await ending;
      this.#breaker.succeeded(ticket, performance.now());
    } catch (error) {
      // That the caller has gone by now is no news; a time that was shorter than an attempt's still is none.
      const { at } = call.limits;
      this.#note(error, { ...call, limits: at === undefined ? noLimits : { at } }, ticket);
    }
  }
}
