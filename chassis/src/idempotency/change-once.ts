import { createHash } from 'node:crypto';
import { z } from 'zod';
import { callerOf } from './caller.ts';
import type { Change, KeptAnswers, Transactions } from './kept-answers.ts';

/** The header by which a caller makes a request safe to repeat (draft-ietf-httpapi-idempotency-key). */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .describe('A request that comes again under the same key has no second effect'),
});

/** What is looked at of a request: a Fastify request has all of it. */
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
export function changeOnce<Work>(
  parts: { readonly database: Transactions<Work>; readonly idempotency: KeptAnswers<Work> },
  request: Asked,
  change: Change<Work>,
): Promise<unknown> {
  const { method, url, body, headers, routeOptions } = request;
  const given = headers['idempotency-key'];
  if (given === undefined) return parts.database.transaction(change);
  const key = digestOf(callerOf(headers.authorization), method, routeOptions.url, given);
  const fingerprint = digestOf(method, url, body);
  return parts.idempotency.once({ key, fingerprint }, change);
}

function digestOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
