import { NamedError } from '../copies/index.ts';
import { HttpError } from '../http/index.ts';

/** A key, and a digest of the request that it was used for. */
export interface KeyedRequest {
  /** A digest of the caller, the route and the caller's key: no two callers share one. */
  readonly key: string;
  readonly fingerprint: string;
}

/** What a change answers, as JSON; kept under the request's key when it has succeeded. */
export type Change<Work> = (work: Work) => Promise<unknown>;

/** What makes a change, all of it or nothing. */
export interface Transactions<Work> {
  transaction(change: Change<Work>): Promise<unknown>;
}

/** Where the answers of requests with a key are kept. */
export interface KeptAnswers<Work> {
  /**
   * Makes a change once, however often its request comes and even if at the same time, and answers
   * all alike. What failed has had no effect, and its key is as good as new.
   *
   * @throws HttpError 422 when the key was used for another request.
   * @throws KeyInUseError while the first request under the key takes longer than another may wait for it.
   */
  once(request: KeyedRequest, change: Change<Work>): Promise<unknown>;
}

/** A request under the same key is still being answered: 409, with the time when to ask again. */
export class KeyInUseError extends NamedError {
  override readonly name = 'KeyInUseError';
  readonly statusCode = 409;
  readonly retryAfterMs = 1000;

  constructor() {
    super('A request with this Idempotency-Key is still being answered.');
  }
}

/** @throws HttpError 422 when the key was used for another request than this. */
export function requireSame({ fingerprint }: KeyedRequest, kept: string): void {
  if (fingerprint === kept) return;
  throw new HttpError(422, 'This Idempotency-Key was used for another request.');
}
