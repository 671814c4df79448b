import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Pool } from 'undici';
import {
  type Attempt,
  type CallLimits,
  currentDeadline,
  deadlineHeader,
  defaultPolicyOptions,
  lateAttemptsAtOnce,
  Policy,
  type PolicyOptions,
  type PolicyTools,
  TimeoutError,
  timeToAnswer,
} from '../resilience/index.ts';
import { correlation } from '../telemetry/index.ts';
import { answerOf, type HttpAnswer, largestAnswer } from './http-answer.ts';
import { createPool } from './pool.ts';
import {
  judgeUpstream,
  RequestTooLargeError,
  UpstreamError,
  withoutAnswer,
} from './upstream-error.ts';

/** What a client needs from the process that it runs in. */
export interface ClientTools extends PolicyTools {
  readonly policy?: Partial<PolicyOptions>;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a caller sets for one call, beyond the policy's own limits. */
export interface CallOptions {
  /** Milliseconds after which the answer is not wanted any more. */
  readonly timeout?: number;
  /** Aborts when it is not wanted any more. */
  readonly signal?: AbortSignal;
}

/** What a request may carry. */
export interface RequestOptions extends CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Bytes; a request that is larger is not sent. */
const largestRequest = 1_048_576;
const idempotent = new Set<Method>(['GET', 'PUT', 'DELETE']);

/** JSON over HTTP to one upstream: a connection pool behind a policy, one client span an attempt. */
export class HttpClient {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #policy: Policy;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #attemptTimeout: number;

  /** @param origin scheme, host and port of the upstream, without a path. */
  constructor(name: string, origin: string, { token, ...tools }: ClientTools) {
    const { running, attemptTimeout } = { ...defaultPolicyOptions, ...tools.policy };
    this.#name = name;
    this.#attemptTimeout = attemptTimeout;
    this.#pool = createPool(origin, {
      connections: running + lateAttemptsAtOnce,
      maxResponseSize: largestAnswer,
    });
    this.#policy = new Policy(name, judgeUpstream, tools, tools.policy);
    this.#headers = {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  /**
   * Asks as `send` does.
   *
   * @returns the parsed JSON body, `undefined` where there is none.
   */
  async request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    return (await this.send(method, path, options)).body;
  }

  /**
   * Asks once, or again where repeating is safe: by method, or with an `idempotency-key`. The
   * deadline of the request that is being answered is kept to, and handed on.
   *
   * @throws UpstreamError for a status of 300 and above (no redirect is followed), UpstreamConnectionError
   *   or UnusableAnswerError without an answer, RequestTooLargeError, and what the policy throws.
   */
  async send(method: Method, path: string, options: RequestOptions = {}): Promise<HttpAnswer> {
    const body = options.body === undefined ? null : JSON.stringify(options.body);
    if (body !== null && Buffer.byteLength(body) > largestRequest)
      throw new RequestTooLargeError(`${method} ${this.#name}`);
    const headers = inSmallLetters(options.headers ?? {});
    const safeToRepeat = idempotent.has(method) || headers['idempotency-key'] !== undefined;
    return this.#policy.execute(
      (attempt) => this.#attempt(method, path, body, headers, attempt),
      safeToRepeat,
      limitsOf(options),
    );
  }

  /** Closes the connections once what is in flight is done. */
  close(): Promise<void> {
    this.#policy.close();
    return this.#pool.close();
  }

  async #attempt(
    method: Method,
    path: string,
    body: string | null,
    headers: Readonly<Record<string, string>>,
    { signal, milliseconds }: Attempt,
  ): Promise<HttpAnswer> {
    const span = trace.getTracer('http-client').startSpan(`${method} ${this.#name}`, {
      kind: SpanKind.CLIENT,
      attributes: { 'http.request.method': method, 'peer.service': this.#name },
    });
    const sent: Record<string, string> = {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...this.#headers,
      ...correlation(),
      ...headers,
      [deadlineHeader]: timeToAnswer(milliseconds),
    };
    propagation.inject(trace.setSpan(context.active(), span), sent);
    try {
      const answer = await this.#pool.request({ method, path, headers: sent, signal, body });
      span.setAttribute('http.response.status_code', answer.statusCode);
      return await answerOf(answer, `${method} ${this.#name}${path}`);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      // With less than its own time the other side can only say that it was too little.
      const isLate = error instanceof UpstreamError && error.status === 504;
      if (isLate && milliseconds < this.#attemptTimeout) throw new TimeoutError(milliseconds);
      throw withoutAnswer(this.#name, error);
    } finally {
      span.end();
    }
  }
}

function inSmallLetters(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(entries);
}

/** The nearest of the deadlines: that of the call, and that of what is being done. */
function limitsOf({ timeout, signal }: CallOptions): CallLimits | undefined {
  const deadline = currentDeadline();
  if (timeout === undefined && signal === undefined) return deadline;
  const own = timeout === undefined ? Infinity : performance.now() + timeout;
  const signals = [signal, deadline?.signal].filter((each) => each !== undefined);
  return {
    at: Math.min(own, deadline?.at ?? Infinity),
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
  };
}
