import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { HttpError } from '../http/problem.ts';
import { CallerGoneError } from './caller-gone.ts';

/** Whether a request carries a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  return Number(headers['content-length'] ?? 0) > 0;
}

/** @throws HttpError 413 for a request that says itself that it is too large. */
export function requireFit({ headers }: IncomingMessage, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

/**
 * A request's body, read piece by piece as fast as it is taken. When it is cut short by the caller, or
 * too large, what is done with it is aborted first, so that nobody takes that for the upstream's failure.
 */
export function bodyOf(request: IncomingMessage, limit: number, stop: AbortController): Readable {
  return Readable.from(piecesOf(request, limit, stop), { objectMode: false });
}

async function* piecesOf(request: IncomingMessage, limit: number, stop: AbortController) {
  let size = 0;
  try {
    // The connection stays open when reading stops early: the caller is still owed an answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      yield chunk;
    }
  } catch (error) {
    stop.abort(error instanceof HttpError ? error : new CallerGoneError());
    throw error;
  }
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, `The body is larger than ${limit} bytes.`);
}
