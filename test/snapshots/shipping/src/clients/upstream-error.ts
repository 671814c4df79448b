import { errors } from 'undici';
import { TimeoutError } from '../resilience/timeout.ts';

/** The other side answered with an error status, or with one that leads elsewhere. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly status: number;
  /** What it means to a caller of this service, unless a route says something else. */
  readonly statusCode: number;
  /** How long the other side asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What it says of itself in JSON, mostly as a problem (RFC 9457). From elsewhere: not to be trusted. */
  readonly body: unknown;

  constructor(what: string, status: number, retryAfter: string | undefined, body?: unknown) {
    super(`${what} was answered with ${status}`);
    this.status = status;
    this.body = body;
    this.statusCode = status === 503 || status === 429 ? 503 : 502;
    this.retryAfterMs = retryAfter === undefined ? undefined : millisecondsOf(retryAfter);
  }
}

/** A request was not sent, because it is larger than may be. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';

  constructor(what: string) {
    super(`${what} was not sent: the request is too large`);
  }
}

/**
 * What counts against the other side, and may be tried again: no answer in time, a connection that
 * could not be made or broke, 429 and 5xx. Not what it refuses otherwise, which is an answer; not what
 * is wrong with the request or with how the answer is read; not that the caller gave up.
 */
export function isUpstreamFailure(error: Error): boolean {
  if (error instanceof UpstreamError) return error.status >= 500 || error.status === 429;
  if (error instanceof TimeoutError) return true;
  if (error instanceof errors.UndiciError) return connectionFailures.has(error.code);
  // Node's own codes of DNS, sockets and TLS. Errors in arguments have codes too: ERR_INVALID_….
  return 'code' in error && typeof error.code === 'string' && !/^ERR_(?!TLS|SSL)/.test(error.code);
}

const connectionFailures = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_HEADERS_OVERFLOW',
]);

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function millisecondsOf(retryAfter: string): number | undefined {
  const ms = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
