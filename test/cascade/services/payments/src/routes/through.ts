import type { FastifyPluginAsync } from 'fastify';
import { HttpClient } from 'service-chassis/clients';
import type { ServiceOptions } from '../service.ts';

/** `GET /payments/through` needs all that comes after this service in the chain. */
const route: FastifyPluginAsync<ServiceOptions> = async (app, { config }) => {
  const { origin, policy } = config.next;
  const tools = { log: app.log, metrics: app.metrics, policy };
  const next = new HttpClient('stock', origin, tools);
  app.addHook('onClose', () => next.close());
  app.get('/payments/through', async () => next.request('GET', '/stock?limit=1'));
};

export default route;
