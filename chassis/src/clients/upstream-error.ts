import { errors } from 'undici';
import { NamedError } from '../copies/index.ts';
import { TimeoutError, type Verdict } from '../resilience/index.ts';

/** The other side answered with an error status, or with one that leads elsewhere. */
export class UpstreamError extends NamedError {
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

/** Resolves to `undefined` when the other side says that there is no such thing, by 404. */
export async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 404) return undefined;
    throw error;
  }
}

/** There is no answer: the connection could not be made, or broke, or what came over it is no HTTP. */
export class UpstreamConnectionError extends NamedError {
  override readonly name = 'UpstreamConnectionError';
  readonly statusCode: 502 | 504;

  constructor(upstream: string, cause: Error) {
    super(`${upstream} gave no answer: ${cause.message}`, { cause });
    const isLate = 'code' in cause && cause.code === 'UND_ERR_HEADERS_TIMEOUT';
    this.statusCode = isLate ? 504 : 502;
  }
}

/** There is an answer that nobody can use, though it claims success: it is no JSON, or has no such status. */
export class UnusableAnswerError extends NamedError {
  override readonly name = 'UnusableAnswerError';
  readonly statusCode = 502;

  constructor(what: string, why: string) {
    super(`${what} was answered with what cannot be used: ${why}`);
  }
}

/** A request was not sent, because it is larger than may be. */
export class RequestTooLargeError extends NamedError {
  override readonly name = 'RequestTooLargeError';

  constructor(what: string) {
    super(`${what} was not sent: the request is too large`);
  }
}

/**
 * What counts against the other side, and may be tried again: no answer in time, a connection that
 * could not be made or broke, what is no HTTP or cannot be used, 429 and 5xx. Not what it refuses
 * otherwise, which is an answer; not what is wrong with the request; not that the caller gave up.
 */
export function isUpstreamFailure(error: Error): boolean {
  if (error instanceof UpstreamError) return error.status >= 500 || error.status === 429;
  return [TimeoutError, UpstreamConnectionError, UnusableAnswerError].some(
    (failure) => error instanceof failure,
  );
}

/** What an error of a call says of the other side. */
export function judgeUpstream(error: Error): Verdict {
  if (isUpstreamFailure(error)) return 'failure';
  return error instanceof UpstreamError ? 'answer' : 'nothing';
}

/** What sending a request threw, or reading its answer: as the other side's failure if it is one. */
export function withoutAnswer(upstream: string, error: unknown): unknown {
  if (!(error instanceof Error) || !isConnectionFailure(error)) return error;
  return new UpstreamConnectionError(upstream, error);
}

function isConnectionFailure(error: Error): boolean {
  if (error instanceof errors.UndiciError) return connectionFailures.has(error.code);
  if (error instanceof errors.HTTPParserError) return true;
  // Codes of DNS, sockets and TLS, and of what the parser took for granted (a status has three digits, the
  // first not 0). Errors in arguments have codes too: ERR_INVALID_….
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'ERR_';
  return !/^ERR_(?!TLS|SSL|ASSERTION)/.test(code);
}

const connectionFailures = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
]);

/** Milliseconds: nobody waits longer than a day, whatever the other side asks for. */
const longestPause = 86_400_000;

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function millisecondsOf(retryAfter: string): number | undefined {
  const ms = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), longestPause);
}
