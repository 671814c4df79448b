import type { FastifyError } from 'fastify';

/** What a caller is told of an error: the status, and after how many seconds to try again. */
export interface Failure {
  readonly status: number;
  readonly retryAfter?: number;
}

/** Any error, with what Fastify's say of themselves. */
export type StatingError = Error & Pick<FastifyError, 'statusCode' | 'validation'>;

/** Seconds after which a caller may ask again when nothing better is known. */
export const pauseSeconds = 5;

/**
 * What an error means to the caller. An error may say so itself by its `statusCode`, and by
 * `retryAfterMs` when to try again; any other is the service's own fault, 500.
 */
export function statedFailure(error: StatingError): Failure {
  if (error.validation) return { status: 400 };
  const status = error.statusCode ?? 500;
  if (status === 503) return { status, retryAfter: secondsOf(error) ?? pauseSeconds };
  const retryAfter = status === 429 ? secondsOf(error) : undefined;
  if (retryAfter !== undefined) return { status, retryAfter };
  return { status: status >= 400 ? status : 500 };
}

function secondsOf(error: Error): number | undefined {
  if (!('retryAfterMs' in error) || typeof error.retryAfterMs !== 'number') return undefined;
  return Math.max(1, Math.ceil(error.retryAfterMs / 1000));
}
