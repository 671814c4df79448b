import type { FastifyPluginAsync } from 'fastify';
import { HttpClient } from 'service-chassis/clients';
import type { ServiceOptions } from '../service.ts';

/** `GET /orders/through` needs all that comes after this service in the chain. */
const route: FastifyPluginAsync<ServiceOptions> = async (app, { config }) => {
  const { origin, policy } = config.next;
  const tools = { log: app.log, metrics: app.metrics, policy };
  const next = new HttpClient('payments', origin, tools);
  app.addHook('onClose', () => next.close());
  app.get('/orders/through', async () => next.request('GET', '/payments/through'));
};

export default route;
