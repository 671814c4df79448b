import type { FastifyInstance } from 'fastify';
import type { ClientConfig } from './client-config.ts';
import { HttpClient } from './http-client.ts';

/**
 * Makes a client of another service that logs and measures with this one, and is closed with it, once
 * its calls have ended.
 *
 * @param name of the other service, as logs, metrics and traces show it.
 */
export function httpClient(
  app: FastifyInstance,
  name: string,
  { origin, ...how }: ClientConfig,
): HttpClient {
  const client = new HttpClient(name, origin, { log: app.log, metrics: app.metrics, ...how });
  app.addHook('onClose', () => client.close());
  return client;
}
