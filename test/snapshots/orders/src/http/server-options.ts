import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import type { Config } from '../config.ts';
import { requestIdOf } from './request-id.ts';

/** How the HTTP server takes requests. */
export function serverOptions({ http }: Config) {
  return {
    requestIdHeader: false,
    genReqId: requestIdOf,
    bodyLimit: http.bodyLimit,
    requestTimeout: http.requestTimeout,
    http: {
      headersTimeout: http.headersTimeout,
      // How late these two may act: Node.js looks only every 30 seconds by itself.
      connectionsCheckingInterval: 1000,
    },
  } satisfies FastifyHttpOptions<Server>;
}
