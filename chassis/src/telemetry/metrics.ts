import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { listen } from '../http/index.ts';

/** Answers `GET /metrics` beside the routes: for a service that only those reach who run it. */
export function answerMetrics(app: FastifyInstance): void {
  app.get('/metrics', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type(app.metrics.contentType).send(await app.metrics.metrics()),
  );
}

/**
 * Answers `GET /metrics` on a port of its own: for what has a port that is open to everybody. A port that
 * cannot be had is a start error: Fastify only logs what fails in `onListen`, so it listens before.
 */
export function answerMetricsOn(app: FastifyInstance, port: number, host: string): void {
  const server = metricsServer(app.metrics);
  const begin = () => once(server.listen(port, host), 'listening');
  app.addHook('onReady', () => listen(begin, 'METRICS_PORT', 'HOST'));
  app.addHook('onClose', async () => {
    server.close();
    server.closeAllConnections();
  });
}

function metricsServer(metrics: Registry): Server {
  return createServer(async ({ method, url }, response) => {
    if (url !== '/metrics' || method !== 'GET') return response.writeHead(404).end();
    const text = await metrics.metrics();
    return response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  });
}
