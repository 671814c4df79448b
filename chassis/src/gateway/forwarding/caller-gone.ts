import type { FastifyReply } from 'fastify';
import { CallerGoneError, type CallLimits, currentDeadline } from '../../resilience/index.ts';

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
  // Without a limit it says no more than the signal does.
  if (deadline === undefined || deadline.at === Infinity) return { signal };
  return { at: deadline.at, signal: AbortSignal.any([deadline.signal, signal]) };
}
