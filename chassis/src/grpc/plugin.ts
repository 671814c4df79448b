import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { type Failure, listen, type StatingError, statedFailure } from '../http/index.ts';
import { answerInTime } from './answering.ts';
import { observeDeadline } from './deadline.ts';
import { addHealth } from './health.ts';
import { observeCalls } from './observe.ts';
import { addReflection, alsoAsV1Alpha } from './reflection.ts';
import { answerUnimplemented, GrpcServer, type Listener } from './server.ts';

/** Adds a gRPC service to the router. */
export type AddService = (router: ConnectRouter, app: FastifyInstance) => void;

export interface GrpcServerOptions {
  readonly host: string;
  readonly port: number;
  readonly services: readonly AddService[];
  /** What an error means to the caller, as it is given to `createService`: both protocols then say the same. */
  readonly failureOf?: (error: StatingError) => Failure;
  /** Bytes that one message may have, in either direction. */
  readonly messageLimit?: number;
  /** Milliseconds in which a request must have come to its end. */
  readonly requestTimeout?: number;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly grpc: Pick<GrpcServer, 'port'>;
  }
}

/**
 * Serves gRPC on a port of its own, over HTTP/2 in plain text: TLS is the platform's. Beside the given services
 * there are `grpc.health.v1`, which says what the readiness probe says, and server reflection. It listens when
 * the application is ready, and when that closes, calls in flight are served to their end.
 *
 * @throws CannotListenError when the application gets ready and the port cannot be had.
 */
export const grpcServer = fp(
  async (app, options: GrpcServerOptions) => {
    const { host, port, services, failureOf = statedFailure } = options;
    const { messageLimit = 1_048_576, requestTimeout = 30_000 } = options;
    const closing = new AbortController();
    const paths = new Set<string>();
    const answer = connectNodeAdapter({
      grpcWeb: false,
      connect: false,
      readMaxBytes: messageLimit,
      writeMaxBytes: messageLimit,
      interceptors: [answerInTime(app.log, failureOf)],
      routes: (router) => {
        for (const addService of services) addService(router, app);
        addHealth(router, app.health, closing.signal);
        addReflection(router);
        for (const { requestPath } of router.handlers) paths.add(requestPath);
      },
    });
    const listener: Listener = (request, response) =>
      paths.has(request.url) ? answer(request, response) : answerUnimplemented(response);
    const server = new GrpcServer(
      alsoAsV1Alpha(observeCalls(app, paths, observeDeadline(listener))),
      requestTimeout,
    );
    app.decorate('grpc', server);
    app.addHook('onReady', () => listen(() => server.listen(host, port), 'GRPC_PORT', 'HOST'));
    app.health.addStop('grpc', (outOfTime) => {
      closing.abort();
      return server.close(outOfTime);
    });
  },
  { name: 'grpc-server', dependencies: ['telemetry', 'health'] },
);
