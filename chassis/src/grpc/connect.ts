import type { FastifyInstance } from 'fastify';
import type { ClientConfig } from '../clients/index.ts';
import { GrpcClient } from './grpc-client.ts';

/**
 * Makes a client of another service's gRPC that logs and measures with this one, and is closed with it, once
 * its calls have ended.
 *
 * @param name of the other service, as logs, metrics and traces show it.
 */
export function grpcClient(
  app: FastifyInstance,
  name: string,
  { origin, ...how }: ClientConfig,
): GrpcClient {
  const client = new GrpcClient(name, origin, { log: app.log, metrics: app.metrics, ...how });
  app.addHook('onClose', () => client.close());
  return client;
}
