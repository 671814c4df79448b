import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { importAll } from 'service-chassis';
import { listen } from 'service-chassis/http';
import type { ServiceOptions } from '../service.ts';
import { answerInTime } from './answering.ts';
import { observeDeadline } from './deadline.ts';
import { addHealth } from './health.ts';
import { observeCalls } from './observe.ts';
import { addReflection, alsoAsV1Alpha } from './reflection.ts';
import { answerUnimplemented, GrpcServer, type Listener } from './server.ts';

/** Adds a gRPC service to the router: the default export of `src/grpc/services/*.ts`. */
export type AddService = (router: ConnectRouter, app: FastifyInstance) => void;

declare module 'fastify' {
  interface FastifyInstance {
    readonly grpc: GrpcServer;
  }
}

/** Serves gRPC on a port of its own, over HTTP/2 in plain text: TLS is the platform's. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const services = await importAll(import.meta.dirname, 'services/*.ts', isAddService);
    const closing = new AbortController();
    const paths = new Set<string>();
    const answer = connectNodeAdapter({
      grpcWeb: false,
      connect: false,
      readMaxBytes: config.http.bodyLimit,
      writeMaxBytes: config.http.bodyLimit,
      interceptors: [answerInTime(app.log)],
      routes: (router) => {
        for (const add of services) add(router, app);
        addHealth(router, app.health, closing.signal);
        addReflection(router);
        for (const { requestPath } of router.handlers) paths.add(requestPath);
      },
    });
    const listener: Listener = (request, response) =>
      paths.has(request.url) ? answer(request, response) : answerUnimplemented(response);
    const server = new GrpcServer(
      alsoAsV1Alpha(observeCalls(app, paths, observeDeadline(listener))),
      config.http.requestTimeout,
    );
    app.decorate('grpc', server);
    app.addHook('onReady', () =>
      listen(() => server.listen(config.http.host, config.grpc.port), 'GRPC_PORT', 'HOST'),
    );
    app.health.addStop('grpc', (outOfTime) => {
      closing.abort();
      return server.close(outOfTime);
    });
  },
  { name: 'grpc', dependencies: ['telemetry', 'health', 'idempotency'] },
);

function isAddService(value: unknown): value is AddService {
  return typeof value === 'function';
}
