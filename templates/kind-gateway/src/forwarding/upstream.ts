import type { Readable } from 'node:stream';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { type Dispatcher, Pool } from 'undici';
import { isUpstreamFailure } from '../clients/upstream-error.ts';
import { deadlineHeader, timeToAnswer } from '../resilience/deadline.ts';
import { type CallLimits, Policy } from '../resilience/policy.ts';
import { BulkheadFullError } from '../resilience/rejection.ts';
import type { Attempt } from '../resilience/timeout.ts';
import type { UpstreamConfig } from './upstream-config.ts';
import { FailedAnswer, isFailedAnswer, withoutAnswer } from './upstream-failure.ts';

/** A request as it goes to an upstream. */
export interface OutgoingRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Readable | null;
  /** Whether it may be sent a second time. */
  readonly safeToRepeat: boolean;
}

/** An answer whose body does not go on for so long is given up, in milliseconds. */
const bodyTimeout = 60_000;
/** Answers on their way to callers who are slow to read, for each call that may run. */
const answersPerCall = 4;

/**
 * One upstream: a connection pool behind a policy. The policy counts a call until its answer begins; how
 * long a body then flows depends on the caller too, so those are limited by themselves.
 */
export class Upstream {
  readonly name: string;
  readonly origin: string;
  readonly #pool: Pool;
  readonly #policy: Policy;
  readonly #attemptTimeout: number;
  readonly #token: string | undefined;
  readonly #most: number;
  #underWay = 0;

  constructor(
    { name, origin, token, policy }: UpstreamConfig,
    tools: { readonly log: FastifyBaseLogger; readonly metrics: Registry },
  ) {
    this.name = name;
    this.origin = origin;
    this.#token = token;
    this.#attemptTimeout = policy.attemptTimeout;
    this.#most = policy.running * answersPerCall;
    this.#pool = new Pool(origin, { connections: this.#most, bodyTimeout });
    const isFailure = (error: Error) => error instanceof FailedAnswer || isUpstreamFailure(error);
    this.#policy = new Policy(name, isFailure, tools, policy);
  }

  /**
   * Sends a request, again where that is safe, and returns the answer, whatever its status, as soon as
   * it begins. Its body must be read to the end or given up (`dump`, `destroy`).
   *
   * @throws UpstreamConnectionError when there is no answer, and what the policy throws.
   */
  async send(request: OutgoingRequest, limits: CallLimits = {}): Promise<Dispatcher.ResponseData> {
    if (this.#underWay >= this.#most) throw new BulkheadFullError(this.name);
    this.#underWay += 1;
    try {
      const answer = await this.#call(request, limits);
      answer.body.once('close', () => {
        this.#underWay -= 1;
      });
      return answer;
    } catch (error) {
      this.#underWay -= 1;
      throw withoutAnswer(this.name, error);
    }
  }

  /** Closes the connections once what is in flight is done. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #call(request: OutgoingRequest, limits: CallLimits): Promise<Dispatcher.ResponseData> {
    let failed: FailedAnswer | undefined;
    const run = async (attempt: Attempt): Promise<Dispatcher.ResponseData> => {
      failed?.discard();
      failed = undefined;
      const answer = await this.#attempt(request, attempt);
      if (!isFailedAnswer(answer)) return answer;
      failed = new FailedAnswer(`${request.method} ${this.name}${request.path}`, answer);
      throw failed;
    };
    try {
      return await this.#policy.execute(run, request.safeToRepeat, limits);
    } catch (error) {
      if (error instanceof FailedAnswer) return error.answer;
      failed?.discard();
      throw error;
    }
  }

  async #attempt(
    { method, path, headers, body }: OutgoingRequest,
    { signal, milliseconds }: Attempt,
  ): Promise<Dispatcher.ResponseData> {
    const span = trace.getTracer('forwarding').startSpan(`${method} ${this.name}`, {
      kind: SpanKind.CLIENT,
      attributes: { 'http.request.method': method, 'peer.service': this.name },
    });
    const own: Record<string, string> = {};
    own[deadlineHeader] = timeToAnswer(milliseconds);
    if (this.#token !== undefined) own.authorization = `Bearer ${this.#token}`;
    propagation.inject(trace.setSpan(context.active(), span), own);
    try {
      const answer = await this.#pool.request({
        method,
        path,
        headers: withOwn(headers, own),
        body,
        signal,
        // While a body is sent, the attempt's own limit is its caller's; the answer's is this.
        ...(body === null ? {} : { headersTimeout: this.#attemptTimeout }),
      });
      span.setAttribute('http.response.status_code', answer.statusCode);
      return answer;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
}

/** The headers to send, in which the gateway's own take the place of others of their name. */
function withOwn(headers: readonly string[], own: Readonly<Record<string, string>>): string[] {
  const sent: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const [name = '', value = ''] = [headers[index], headers[index + 1]];
    if (!(name.toLowerCase() in own)) sent.push(name, value);
  }
  for (const [name, value] of Object.entries(own)) sent.push(name, value);
  return sent;
}
