import fp from 'fastify-plugin';
import { HttpError } from 'service-chassis/http';
import type { ServiceOptions } from '../service.ts';
import type { EdgeConfig } from './config.ts';
import { requestFault } from './request-fault.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly edge: EdgeConfig;
  }
}

/** Refuses with 400 what could mean one thing here and another to an upstream. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    app.decorate('edge', config.edge);
    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      const fault = requestFault(request.raw);
      if (fault === undefined) return done();
      // Where one request ends and the next begins is as doubtful as the rest.
      reply.header('connection', 'close');
      done(new HttpError(400, fault));
    });
  },
  { name: 'edge' },
);
