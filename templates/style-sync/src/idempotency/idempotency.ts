import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { HttpError } from 'service-chassis/http';
import { z } from 'zod';
import { callerOf } from '../api/caller.ts';
import type { UnitOfWork } from '../database/unit-of-work.ts';

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
  /** A digest of the caller, the route and the caller's key: no two callers share one. */
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
   * @throws KeyInUseError while the first request under the key takes longer than another may wait for it.
   */
  once(request: KeyedRequest, change: Change): Promise<unknown>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly idempotency: Idempotency;
  }
}

/** A request under the same key is still being answered. */
export class KeyInUseError extends Error {
  override readonly name = 'KeyInUseError';
  readonly statusCode = 409;
  readonly retryAfterMs = 1000;

  constructor() {
    super('A request with this Idempotency-Key is still being answered.');
  }
}

/** What this part looks at of a request. */
interface Asked {
  readonly method: string;
  readonly url: string;
  /** The route that answers it, as a pattern. */
  readonly routeOptions: { readonly url?: string | undefined };
  readonly headers: {
    readonly 'idempotency-key'?: string | undefined;
    readonly authorization?: unknown;
  };
  readonly body: unknown;
}

/** Makes the change that a request asks for: once, if the request has a key. */
export function changeOnce(
  { database, idempotency }: Pick<FastifyInstance, 'database' | 'idempotency'>,
  request: Asked,
  change: Change,
): Promise<unknown> {
  const { method, url, body, headers, routeOptions } = request;
  const given = headers['idempotency-key'];
  if (given === undefined) return database.transaction(change);
  const key = digestOf(callerOf(headers.authorization), method, routeOptions.url, given);
  const fingerprint = digestOf(method, url, body);
  return idempotency.once({ key, fingerprint }, change);
}

function digestOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** @throws HttpError 422 when the key was used for another request than this. */
export function requireSame({ fingerprint }: KeyedRequest, kept: string): void {
  if (fingerprint === kept) return;
  throw new HttpError(422, 'This Idempotency-Key was used for another request.');
}
