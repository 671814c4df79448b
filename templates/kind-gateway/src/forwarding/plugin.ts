import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { Shares } from './shares.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Bodies that callers are sending, wherever they go. */
    readonly uploads: Shares;
  }
}

/** Makes a place in a request for how it came in: a property, as a map beside is work for each collection of garbage. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    app.decorateRequest('entry');
    app.decorate('uploads', new Shares(Number.POSITIVE_INFINITY, config.edge.uploadsPerCaller));
  },
  { name: 'forwarding' },
);
