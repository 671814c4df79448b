import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import type { Config } from '../config.ts';
import { requestIdOf } from './request-id.ts';

/** Balancers keep idle connections for a minute: the side that closes first must be theirs. */
const keepAliveMs = 75_000;

/** How the HTTP server takes requests: as from callers of whom nothing is known. */
export function serverOptions({ edge }: Config) {
  return {
    requestIdHeader: false,
    genReqId: requestIdOf,
    trustProxy: edge.trustedProxies.length === 0 ? false : [...edge.trustedProxies],
    bodyLimit: edge.maxBody,
    requestTimeout: edge.requestTimeout,
    connectionTimeout: edge.idleTimeout,
    keepAliveTimeout: keepAliveMs,
    http: {
      maxHeaderSize: edge.maxHeaders,
      headersTimeout: edge.headersTimeout,
      connectionsCheckingInterval: Math.min(1000, edge.headersTimeout),
    },
  } satisfies FastifyHttpOptions<Server>;
}
