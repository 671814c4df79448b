import type { FastifyPluginAsync } from 'fastify';
import { clientConfigSchema, HttpClient } from 'service-chassis/clients';
import { readPart } from 'service-chassis/config';

/** `GET /orders/through` needs all that comes after this service in the chain. */
const route: FastifyPluginAsync = async (app) => {
  const { origin, policy } = readPart({ schema: clientConfigSchema('NEXT') }, process.env);
  const tools = { log: app.log, metrics: app.metrics, policy };
  const next = new HttpClient('payments', origin, tools);
  app.addHook('onClose', () => next.close());
  app.get('/orders/through', async () => next.request('GET', '/payments/through'));
};

export default route;
