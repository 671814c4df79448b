import fp from 'fastify-plugin';
import { HttpClient } from 'service-chassis/clients';
import type { ServiceOptions } from '../../service.ts';
import { __ClientType__ } from './client.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly __clientKey__: __ClientType__;
  }
}

const upstream = '__client__';

/** Gives routes and handlers the client; it is closed when the service stops. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const { origin, ...how } = config.__clientKey__;
    const tools = { log: app.log, metrics: app.metrics, ...how };
    const http = new HttpClient(upstream, origin, tools);
    const client = new __ClientType__(http);
    app.decorate('__clientKey__', client);
    app.addHook('onClose', () => http.close());
  },
  { name: '__client__-client', dependencies: ['telemetry'] },
);
