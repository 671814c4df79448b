import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Dispatcher } from 'undici';
import { UnusableAnswerError, UpstreamError } from '../../clients/index.ts';

/** Lets go of an answer that nobody wants to read, and of its connection. */
export function giveUp({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined).destroy();
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

/** @throws UnusableAnswerError for an answer that cannot be handed back: by its status, or a header field. */
export function requireUsable(
  what: string,
  { statusCode, headers }: Dispatcher.ResponseData,
): void {
  if (statusCode < 200 || statusCode > 599) {
    throw new UnusableAnswerError(what, `status ${statusCode}`);
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      for (const text of [value].flat()) validateHeaderValue(name, text ?? '');
    } catch {
      throw new UnusableAnswerError(what, 'a header field that there cannot be');
    }
  }
}
