import type { FastifyPluginAsync } from 'fastify';
import { clientConfigSchema, HttpClient } from 'service-chassis/clients';
import { readPart } from 'service-chassis/config';

/** `GET /payments/through` needs all that comes after this service in the chain. */
const route: FastifyPluginAsync = async (app) => {
  const { origin, policy } = readPart({ schema: clientConfigSchema('NEXT') }, process.env);
  const tools = { log: app.log, metrics: app.metrics, policy };
  const next = new HttpClient('stock', origin, tools);
  app.addHook('onClose', () => next.close());
  app.get('/payments/through', async () => next.request('GET', '/stock?limit=1'));
};

export default route;
