import fp from 'fastify-plugin';
import { GrpcClient } from 'service-chassis/grpc';
import type { ServiceOptions } from '../../service.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly __grpcClientKey__: GrpcClient;
  }
}

const upstream = '__grpc_client__';

/** Gives routes and handlers the client; it is closed when the service stops. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const { origin, ...how } = config.__grpcClientKey__;
    const tools = { log: app.log, metrics: app.metrics, ...how };
    const client = new GrpcClient(upstream, origin, tools);
    app.decorate('__grpcClientKey__', client);
    app.addHook('onClose', () => client.close());
  },
  { name: '__grpc_client__-client', dependencies: ['telemetry'] },
);
