import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import type { Config } from '../config.ts';

/** How the HTTP server takes requests. */
export function serverOptions({ http }: Config) {
  return {
    requestIdHeader: 'x-request-id',
    bodyLimit: http.bodyLimit,
    requestTimeout: http.requestTimeout,
  } satisfies FastifyHttpOptions<Server>;
}
