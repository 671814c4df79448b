import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type Deadline,
  DeadlineExceededError,
  deadlineHeader,
  runUntil,
} from '../resilience/deadline.ts';
import { HttpError } from './problem.ts';

const deadlines = new WeakMap<FastifyRequest, Deadline>();

/**
 * Keeps to the deadline that a caller sends along: then the answer is 504, and what is being done for
 * it stops at its next step (see `requireTimeLeft`), its calls of other services at once.
 */
export function observeDeadlines(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const given = request.headers[deadlineHeader];
    if (given === undefined) return;
    if (typeof given !== 'string' || !/^\d{1,9}$/.test(given)) {
      throw new HttpError(400, `${deadlineHeader} must be a whole number of milliseconds.`);
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const why = new DeadlineExceededError();
      stop.abort(why);
      if (!reply.sent) reply.send(why);
    }, Number(given));
    reply.raw.once('close', () => clearTimeout(timer));
    deadlines.set(request, { at: performance.now() + Number(given), signal: stop.signal });
  });
  // Not before the body is read: what that calls back does not run in the context of the hooks.
  app.addHook('preHandler', (request, _reply, done) => {
    const deadline = deadlines.get(request);
    if (deadline === undefined) done();
    else runUntil(deadline, done);
  });
}
