import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { HttpError } from '../../http/index.ts';
import { requestFault } from './request-fault.ts';

/**
 * Refuses with 400 what could mean one thing here and another to an upstream. It is found out first, and
 * refused after the rate limit, as callers without a token are: such requests are counted too.
 */
export const strictRequests = fp(
  async (app) => {
    const faults = new WeakMap<FastifyRequest, string>();
    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      const fault = requestFault(request.raw);
      if (fault !== undefined) {
        faults.set(request, fault);
        // Where one request ends and the next begins is as doubtful as the rest.
        reply.header('connection', 'close');
      }
      done();
    });
    app.addHook('preParsing', (request, _reply, payload, done) => {
      const fault = faults.get(request);
      if (fault === undefined) return done(null, payload);
      done(new HttpError(400, fault));
    });
  },
  { name: 'strict-requests' },
);
