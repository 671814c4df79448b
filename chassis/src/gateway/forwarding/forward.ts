import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { callersLimits } from './caller-gone.ts';
import { entryOf } from './entrance.ts';
import { locationFor } from './location.ts';
import { hasBody } from './request-body.ts';
import { requestHeaders } from './request-headers.ts';
import { responseHeaders } from './response-headers.ts';
import type { Upstream } from './upstream.ts';
import { giveUp } from './upstream-failure.ts';

const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Sends a request on to an upstream, and its answer back: both bodies flow, and nothing is kept of them.
 *
 * @param path path and query, as the upstream shall see them.
 * @throws what `exchange` throws, before anything has gone to the caller.
 */
export async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  upstream: Upstream,
  path: string,
): Promise<FastifyReply> {
  return relay(reply, await exchange(request, upstream, path));
}

/** Whether a request can be exchanged more than once: it is idempotent, and has no body that is gone then. */
export function canBeRepeated({ method, raw }: FastifyRequest): boolean {
  return idempotent.has(method) && !hasBody(raw);
}

/**
 * Sends a request on, and returns the answer, whatever its status, when it begins. An answer that is
 * not relayed must be given up: `await answer.body.dump()`.
 *
 * @param safeToRepeat whether this upstream may be asked again when it fails; not by whom has another one.
 * @throws UpstreamConnectionError (502, 504), TimeoutError (504), CircuitOpenError or BulkheadFullError
 *   (503), DeadlineExceededError, CallerGoneError, HttpError 408 or 413, or TooManyUploadsError (429).
 */
export async function exchange(
  request: FastifyRequest,
  upstream: Upstream,
  path: string,
  safeToRepeat = canBeRepeated(request),
): Promise<Dispatcher.ResponseData> {
  const entry = entryOf(request);
  const outgoing = {
    method: request.method,
    // Of an upstream all of which is opened, what follows may be nothing, or a query.
    path: path.startsWith('/') ? path : `/${path}`,
    headers: requestHeaders(request),
    body: entry.body,
    safeToRepeat,
  };
  const answer = await upstream.send(outgoing, callersLimits(entry.stop));
  const { location } = answer.headers;
  if (typeof location === 'string') {
    const sent = { origin: upstream.origin, sentPath: path };
    answer.headers.location = locationFor(location, entry, sent);
  }
  return answer;
}

/** Sends an upstream's answer to the caller. */
export function relay(reply: FastifyReply, answer: Dispatcher.ResponseData): FastifyReply {
  // However it ends: what the caller has not read by then, nobody will.
  reply.raw.once('close', () => giveUp(answer));
  const headers = responseHeaders(answer.headers);
  const vary = reply.getHeader('vary');
  if (vary !== undefined && headers.vary !== undefined) headers.vary = `${vary}, ${headers.vary}`;
  reply.code(answer.statusCode).headers(headers);
  sendHeadSoon(reply.raw);
  return reply.send(answer.body);
}

/** The head waits for the body's first bytes, to go with them, but not for long: events may come late. */
function sendHeadSoon(response: ServerResponse): void {
  response.once('pipe', () => {
    setImmediate(() => {
      if (!response.headersSent && !response.destroyed) response.flushHeaders();
    });
  });
}
