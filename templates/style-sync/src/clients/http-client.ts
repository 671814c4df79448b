import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { errors, Pool } from 'undici';
import { createPolicy, type Policy, type PolicyOptions } from '../resilience/policy.ts';
import { TimeoutError } from '../resilience/timeout.ts';

/** The other side answered with an error status. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly status: number;

  constructor(method: string, path: string, status: number) {
    super(`${method} ${path} was answered with ${status}`);
    this.status = status;
  }
}

/** What a client needs from the process that it runs in. */
export interface ClientTools {
  readonly log: FastifyBaseLogger;
  readonly metrics: Registry;
  readonly policy?: Partial<PolicyOptions>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a request may carry. */
export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const largestAnswer = 1_048_576;
const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** JSON over HTTP to one upstream: a connection pool behind a policy, one client span an attempt. */
export class HttpClient {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #policy: Policy;

  /** @param origin scheme, host and port of the upstream, without a path. */
  constructor(name: string, origin: string, tools: ClientTools) {
    this.#name = name;
    this.#pool = new Pool(origin, { connections: 20, maxResponseSize: largestAnswer });
    this.#policy = createPolicy(name, isFailure, tools, tools.policy);
  }

  /**
   * Asks once, or again where repeating is safe.
   *
   * @returns the parsed JSON body, `undefined` where there is none. @throws UpstreamError for a status of 400 and above, and what the
   *   policy throws.
   */
  request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    return this.#policy.execute(
      ({ signal }) => this.#attempt(method, path, options, signal),
      idempotent.has(method),
    );
  }

  /** Closes the connections once what is in flight is done. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #attempt(
    method: Method,
    path: string,
    { body, headers: given }: RequestOptions,
    signal: AbortSignal,
  ): Promise<unknown> {
    const span = trace.getTracer('http-client').startSpan(`${method} ${this.#name}`, {
      kind: SpanKind.CLIENT,
      attributes: { 'http.request.method': method, 'peer.service': this.#name },
    });
    const headers: Record<string, string> = { accept: 'application/json', ...given };
    if (body !== undefined) headers['content-type'] = 'application/json';
    propagation.inject(trace.setSpan(context.active(), span), headers);
    try {
      const answer = await this.#pool.request({
        method,
        path,
        headers,
        signal,
        body: body === undefined ? null : JSON.stringify(body),
      });
      span.setAttribute('http.response.status_code', answer.statusCode);
      if (answer.statusCode >= 400) {
        await answer.body.dump();
        throw new UpstreamError(method, path, answer.statusCode);
      }
      if (answer.statusCode !== 204) return await answer.body.json();
      await answer.body.dump();
      return undefined;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
}

/** Failures of the upstream; what it refuses (4xx but 429) is an answer, not a failure. */
function isFailure(error: Error): boolean {
  if (error instanceof UpstreamError) return error.status >= 500 || error.status === 429;
  return (
    error instanceof TimeoutError ||
    error instanceof errors.UndiciError ||
    ('code' in error && typeof error.code === 'string')
  );
}
