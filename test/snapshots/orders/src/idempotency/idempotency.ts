import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { UnitOfWork } from '../database/unit-of-work.ts';
import { HttpError } from '../http/problem.ts';

/** The header by which a caller makes a request safe to repeat (draft-ietf-httpapi-idempotency-key). */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .describe('A request that comes again under the same key has no second effect'),
});

/** A key, and a digest of the request that it was used for. */
export interface KeyedRequest {
  readonly key: string;
  readonly fingerprint: string;
}

/** What a change answers, as JSON; kept under the request's key when it has succeeded. */
export type Change = (work: UnitOfWork) => Promise<unknown>;

/** Where the answers of requests with a key are kept. */
export interface Idempotency {
  /**
   * Makes a change once, however often its request comes and even if at the same time, and answers
   * all alike. What failed has had no effect, and its key is as good as new.
   *
   * @throws HttpError 422 when the key was used for another request.
   */
  once(request: KeyedRequest, change: Change): Promise<unknown>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly idempotency: Idempotency;
  }
}

/** What this part looks at of a request. */
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly 'idempotency-key'?: string | undefined };
  readonly body: unknown;
}

/** Makes the change that a request asks for: once, if the request has a key. */
export function changeOnce(
  { database, idempotency }: Pick<FastifyInstance, 'database' | 'idempotency'>,
  request: Asked,
  change: Change,
): Promise<unknown> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return database.transaction(change);
  const asked = JSON.stringify([request.method, request.url, request.body]);
  const fingerprint = createHash('sha256').update(asked).digest('hex');
  return idempotency.once({ key, fingerprint }, change);
}

/** @throws HttpError 422 when the key was used for another request than this. */
export function requireSame({ fingerprint }: KeyedRequest, kept: string): void {
  if (fingerprint === kept) return;
  throw new HttpError(422, 'This Idempotency-Key was used for another request.');
}
