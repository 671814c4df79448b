import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { type Dispatcher, Pool } from 'undici';
import { currentDeadline, deadlineHeader, timeToAnswer } from '../resilience/deadline.ts';
import { Policy } from '../resilience/policy.ts';
import { defaultPolicyOptions, type PolicyOptions } from '../resilience/policy-options.ts';
import type { Attempt } from '../resilience/timeout.ts';
import { isUpstreamFailure, UpstreamError } from './upstream-error.ts';

/** What a client needs from the process that it runs in. */
export interface ClientTools {
  readonly log: FastifyBaseLogger;
  readonly metrics: Registry;
  readonly policy?: Partial<PolicyOptions>;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a request may carry. */
export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Bytes; a body that goes on beyond is not read to its end. */
const largestAnswer = 1_048_576;
const idempotent = new Set<Method>(['GET', 'PUT', 'DELETE']);

/** JSON over HTTP to one upstream: a connection pool behind a policy, one client span an attempt. */
export class HttpClient {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #policy: Policy;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param origin scheme, host and port of the upstream, without a path. */
  constructor(name: string, origin: string, { token, ...tools }: ClientTools) {
    const { running } = { ...defaultPolicyOptions, ...tools.policy };
    this.#name = name;
    this.#pool = new Pool(origin, { connections: running, maxResponseSize: largestAnswer });
    this.#policy = new Policy(name, isUpstreamFailure, tools, tools.policy);
    this.#headers = {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  /**
   * Asks once, or again where repeating is safe: by method, or with an `idempotency-key`. The
   * deadline of the request that is being answered is kept to, and handed on.
   *
   * @returns the parsed JSON body, `undefined` where there is none. @throws UpstreamError for a
   *   status of 300 and above (no redirect is followed), and what the policy throws.
   */
  request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    const safeToRepeat =
      idempotent.has(method) || options.headers?.['idempotency-key'] !== undefined;
    return this.#policy.execute(
      (attempt) => this.#attempt(method, path, options, attempt),
      safeToRepeat,
      currentDeadline(),
    );
  }

  /** Closes the connections once what is in flight is done. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #attempt(
    method: Method,
    path: string,
    { body, headers }: RequestOptions,
    { signal, milliseconds }: Attempt,
  ): Promise<unknown> {
    const span = trace.getTracer('http-client').startSpan(`${method} ${this.#name}`, {
      kind: SpanKind.CLIENT,
      attributes: { 'http.request.method': method, 'peer.service': this.#name },
    });
    const sent: Record<string, string> = { ...this.#headers, ...headers };
    sent[deadlineHeader] = timeToAnswer(milliseconds);
    if (body !== undefined) sent['content-type'] = 'application/json';
    propagation.inject(trace.setSpan(context.active(), span), sent);
    try {
      const answer = await this.#pool.request({
        method,
        path,
        headers: sent,
        signal,
        body: body === undefined ? null : JSON.stringify(body),
      });
      span.setAttribute('http.response.status_code', answer.statusCode);
      return await bodyOf(answer, `${method} ${this.#name}${path}`);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
}

async function bodyOf(answer: Dispatcher.ResponseData, what: string): Promise<unknown> {
  const { statusCode, headers, body } = answer;
  if (statusCode === 200 || statusCode === 201) return body.json();
  await body.dump();
  if (statusCode < 300) return undefined;
  const retryAfter = headers['retry-after'];
  throw new UpstreamError(
    what,
    statusCode,
    typeof retryAfter === 'string' ? retryAfter : undefined,
  );
}
