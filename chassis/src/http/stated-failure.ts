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

/** What Node.js and undici say of another service that could not be reached, or broke off. */
const unreachable =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_SOCKET|HPE_\w+)$/;

/** The same of one that did not answer in time. */
const silent = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/;

/**
 * What an error means to the caller. An error may say so itself by its `statusCode`, and by
 * `retryAfterMs` when to try again. That another service is down is 502, that it is silent 504; any other
 * error is the service's own fault, 500.
 */
export function statedFailure(error: StatingError): Failure {
  if (error.validation) return { status: 400 };
  const stated = error.statusCode ?? statusByCode(error) ?? 500;
  const status = stated >= 400 ? stated : 500;
  const retryAfter = secondsOf(error) ?? (status === 503 ? pauseSeconds : undefined);
  return retryAfter === undefined ? { status } : { status, retryAfter };
}

/** `fetch` puts what happened into the cause. */
function statusByCode(error: Error): number | undefined {
  const codes = [codeOf(error), codeOf(error.cause)];
  if (codes.some((code) => silent.test(code))) return 504;
  return codes.some((code) => unreachable.test(code)) ? 502 : undefined;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function secondsOf(error: Error): number | undefined {
  if (!('retryAfterMs' in error) || typeof error.retryAfterMs !== 'number') return undefined;
  return Math.max(1, Math.ceil(error.retryAfterMs / 1000));
}
