import type { Server } from 'node:http';
import { type FastifyHttpOptions, LogController } from 'fastify';
import type { HttpConfig } from './config.ts';
import { requestIdOf } from './request-id.ts';
import { answerNoRequest, routableUrl } from './unroutable.ts';

/** How the HTTP server takes requests, unless a service says otherwise. */
export function serverOptions(http: HttpConfig) {
  return {
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: requestIdOf,
    bodyLimit: http.bodyLimit,
    requestTimeout: http.requestTimeout,
    http: {
      headersTimeout: http.headersTimeout,
      // How late these two may act: Node.js looks only every 30 seconds by itself.
      connectionsCheckingInterval: 1000,
      // Refused by `answers`, with a body.
      requireHostHeader: false,
    },
    // Left out like every property that no schema knows, before it can do harm.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    rewriteUrl: routableUrl,
    clientErrorHandler: answerNoRequest,
    // What a path may be is for the routes to say; how long, for the limit of the head.
    routerOptions: { maxParamLength: Number.MAX_SAFE_INTEGER },
    // A shutdown has a deadline of its own, and what is in flight is served (see `Connections`).
    pluginTimeout: 0,
    return503OnClosing: false,
  } satisfies FastifyHttpOptions<Server>;
}
