import type { FastifyReply } from 'fastify';
import { currentDeadline } from '../resilience/deadline.ts';
import type { CallLimits } from '../resilience/policy.ts';

/** The caller closed the connection before it had its answer. */
export class CallerGoneError extends Error {
  override readonly name = 'CallerGoneError';
  /** Nobody sees it, but logs and metrics do; nginx has made it the usual one. */
  readonly statusCode = 499;

  constructor() {
    super('the caller has gone away');
  }
}

/** Aborts when the caller goes away before it has its whole answer. */
export function whileWaitedFor(reply: FastifyReply): AbortController {
  const stop = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) stop.abort(new CallerGoneError());
  });
  return stop;
}

/** What a caller sets to the calls that are made for it: that it is there, and its deadline. */
export function callersLimits({ signal }: AbortController): CallLimits {
  const deadline = currentDeadline();
  if (deadline === undefined) return { signal };
  return { at: deadline.at, signal: AbortSignal.any([deadline.signal, signal]) };
}
