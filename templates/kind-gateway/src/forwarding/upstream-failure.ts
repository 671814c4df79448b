import type { Dispatcher } from 'undici';
import { isUpstreamFailure, UpstreamError } from '../clients/upstream-error.ts';
import { TimeoutError } from '../resilience/timeout.ts';

/** There is no answer to hand back: the connection could not be made, or broke. */
export class UpstreamConnectionError extends Error {
  override readonly name = 'UpstreamConnectionError';
  readonly statusCode: 502 | 504;

  constructor(upstream: string, cause: Error) {
    super(`${upstream} gave no answer: ${cause.message}`, { cause });
    const isLate = 'code' in cause && cause.code === 'UND_ERR_HEADERS_TIMEOUT';
    this.statusCode = isLate ? 504 : 502;
  }
}

/** An answer that counts against the upstream; it is the caller's all the same when it is the last. */
export class FailedAnswer extends UpstreamError {
  readonly answer: Dispatcher.ResponseData;

  constructor(what: string, answer: Dispatcher.ResponseData) {
    const retryAfter = answer.headers['retry-after'];
    super(what, answer.statusCode, typeof retryAfter === 'string' ? retryAfter : undefined);
    this.answer = answer;
  }

  /** Lets go of the answer, and of its connection. */
  discard(): void {
    this.answer.body.dump().catch(() => undefined);
  }
}

/**
 * Whether an answer counts against the upstream, whose circuit is that of all its routes. Not 429,
 * unlike for a service's own calls: it may be meant for the one caller who asks too much. Not 502 and
 * 504, nor 503 with `Retry-After`: an upstream that says that another one fails it, or that it has no
 * room for this now, goes on answering what needs neither.
 */
export function isFailedAnswer({ statusCode, headers }: Dispatcher.ResponseData): boolean {
  if (statusCode === 503) return headers['retry-after'] === undefined;
  return statusCode >= 500 && statusCode !== 502 && statusCode !== 504;
}

/** What is thrown for want of an answer, as the gateway's own caller is to see it. */
export function withoutAnswer(upstream: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TimeoutError) return error;
  return isUpstreamFailure(error) ? new UpstreamConnectionError(upstream, error) : error;
}
