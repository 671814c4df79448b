import fp from 'fastify-plugin';
import { HttpError } from '../../http/problem.ts';
import { requestFault } from './request-fault.ts';

/** Refuses with 400 what could mean one thing here and another to an upstream. */
export const strictRequests = fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      const fault = requestFault(request.raw);
      if (fault === undefined) return done();
      // Where one request ends and the next begins is as doubtful as the rest.
      reply.header('connection', 'close');
      done(new HttpError(400, fault));
    });
  },
  { name: 'strict-requests' },
);
