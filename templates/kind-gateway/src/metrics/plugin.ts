import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import fp from 'fastify-plugin';
import type { Registry } from 'prom-client';
import type { ServiceOptions } from '../service.ts';

/** Answers `GET /metrics` on a port of its own: the gateway's other port is open to everybody. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const server = metricsServer(app.metrics);
    app.addHook('onListen', async () => {
      server.listen(config.metrics.port, config.http.host);
      await once(server, 'listening');
    });
    app.addHook('onClose', async () => {
      server.close();
      server.closeAllConnections();
    });
  },
  { name: 'metrics', dependencies: ['telemetry'] },
);

function metricsServer(metrics: Registry): Server {
  return createServer(async ({ method, url }, response) => {
    if (url !== '/metrics' || method !== 'GET') return response.writeHead(404).end();
    const text = await metrics.metrics();
    return response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  });
}
