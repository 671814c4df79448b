import { pipeline, Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { DeadlineExceededError, UnavailableError } from '../resilience/index.ts';
import { receivedAnswer, sentAnswer } from './answers.ts';
import { SkippedError, Tap } from './body.ts';
import { type Answer, differencesBetween } from './compare.ts';
import type { ShadowLimits } from './config.ts';
import type { RouteRule } from './rules.ts';
import type { ShadowResult, StranglerMetrics } from './strangler-metrics.ts';

/** A read that both sides are asked. */
interface Shadow {
  readonly route: string;
  readonly ignore: readonly string[];
  readonly fresh: Promise<Answer>;
}

/** What makes an answer depend on what the caller has from the old side. */
const conditions = [
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'range',
];

/**
 * Asks the new side what the old one is asked, and compares the answers, for reads only. The caller
 * gets the old side's answer as it comes and never waits for the new one; at most so many reads are
 * shadowed at once, and the next ones are not.
 */
export class Shadows {
  readonly #limits: ShadowLimits;
  readonly #metrics: StranglerMetrics;
  readonly #underWay = new WeakMap<FastifyRequest, Shadow>();
  #running = 0;

  constructor(limits: ShadowLimits, metrics: StranglerMetrics) {
    this.#limits = limits;
    this.#metrics = metrics;
  }

  /**
   * Begins to shadow a request, if the rule and the limits let it.
   *
   * @param ask asks the new side.
   */
  begin(
    request: FastifyRequest,
    route: string,
    rule: RouteRule['shadow'],
    ask: () => Promise<Dispatcher.ResponseData>,
  ): void {
    if (rule === undefined || Math.random() * 100 >= rule.percentage) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') return;
    const skipped = this.#reasonToSkip(request);
    if (skipped !== undefined) {
      this.#metrics.shadowed(route, skipped);
      return;
    }
    this.#running += 1;
    const fresh = receivedAnswer(ask, this.#limits);
    fresh.catch(() => undefined);
    this.#underWay.set(request, { route, ignore: rule.ignore, fresh });
  }

  /** Looks at the old side's answer on its way to the caller; returns what is to be sent. */
  onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
    const shadow = this.#underWay.get(request);
    if (shadow === undefined) return payload;
    this.#underWay.delete(request);
    const head = { status: reply.statusCode, headers: reply.getHeaders() };
    const tap = new Tap(this.#limits.largestBody);
    const old = sentAnswer(head, tap, reply.raw);
    void this.#compare(request, shadow, old);
    if (!(payload instanceof Readable)) {
      tap.end(typeof payload === 'string' || payload instanceof Buffer ? payload : '');
      tap.resume();
      return payload;
    }
    return pipeline(payload, tap, () => undefined);
  }

  /** Ends what was begun for a request, once its answer has gone or its caller has. */
  onClose(request: FastifyRequest): void {
    const shadow = this.#underWay.get(request);
    if (shadow === undefined) return;
    this.#underWay.delete(request);
    void this.#compare(request, shadow, Promise.reject(new SkippedError('skipped_aborted')));
  }

  #reasonToSkip({ headers }: FastifyRequest): ShadowResult | undefined {
    if (conditions.some((name) => headers[name] !== undefined)) return 'skipped_conditional';
    return this.#running >= this.#limits.concurrency ? 'skipped_busy' : undefined;
  }

  async #compare(request: FastifyRequest, shadow: Shadow, old: Promise<Answer>): Promise<void> {
    const { route, ignore, fresh } = shadow;
    try {
      const before = await old;
      if (before.status >= 500) throw new SkippedError('skipped_old_failed');
      const differences = differencesBetween(before, await fresh, ignore);
      this.#metrics.shadowed(route, differences.length === 0 ? 'match' : 'difference');
      if (differences.length > 0)
        request.log.warn({ route, method: request.method, differences }, 'sides differ');
    } catch (error) {
      this.#metrics.shadowed(route, resultOf(error));
    } finally {
      // A place is free when both sides have been read, whichever ended it.
      await Promise.allSettled([old, fresh]);
      this.#running -= 1;
    }
  }
}

function resultOf(error: unknown): ShadowResult {
  if (error instanceof SkippedError) return error.why;
  if (error instanceof DeadlineExceededError) return 'skipped_aborted';
  return error instanceof UnavailableError ? 'skipped_unavailable' : 'failed';
}
