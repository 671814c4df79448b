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
  } satisfies FastifyHttpOptions<Server>;
}
