import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  CallerGoneError,
  type Deadline,
  DeadlineExceededError,
  deadlineHeader,
  runUntil,
} from '../resilience/index.ts';
import { HttpError } from './problem.ts';

const deadlines = new WeakMap<FastifyRequest, Deadline>();

/**
 * Stops what is being done for a caller that does not wait for it any more: it has gone away, or the
 * deadline that it sent along has passed, and then the answer is 504. Units of work are given up and
 * undone, calls of other services end at once, and other work stops at its next `requireTimeLeft`.
 */
export function observeDeadlines(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const limit = limitIn(request);
    const stop = new AbortController();
    const deadline: Deadline = {
      at: performance.now() + (limit ?? Infinity),
      signal: stop.signal,
    };
    const onPassed = (): void => {
      const why = new DeadlineExceededError();
      stop.abort(why);
      if (!reply.sent && deadline.isCommitting !== true) reply.send(why);
    };
    const timer = limit === undefined ? undefined : setTimeout(onPassed, limit);
    reply.raw.once('close', () => {
      clearTimeout(timer);
      if (!reply.raw.writableFinished) stop.abort(new CallerGoneError());
    });
    deadlines.set(request, deadline);
  });
  // Not before the body is read: what that calls back does not run in the context of the hooks.
  app.addHook('preHandler', (request, _reply, done) => {
    const deadline = deadlines.get(request);
    if (deadline === undefined) done();
    else runUntil(deadline, done);
  });
}

/** The milliseconds that the caller waits for its answer, if it says so. */
function limitIn({ headers }: FastifyRequest): number | undefined {
  const given = headers[deadlineHeader];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && /^\d{1,9}$/.test(given)) return Number(given);
  throw new HttpError(400, `${deadlineHeader} must be a whole number of milliseconds.`);
}
