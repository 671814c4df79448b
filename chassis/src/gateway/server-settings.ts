import type { ServiceSettings } from '../service/index.ts';
import type { GatewayConfig } from './config.ts';

/** Balancers keep idle connections for a minute: the side that closes first must be theirs. */
const keepAliveMs = 75_000;

/** How a gateway differs from a service: it takes requests of callers of whom nothing is known. */
export function gatewaySettings({
  edge,
  metricsPort,
}: Pick<GatewayConfig, 'edge' | 'metricsPort'>): ServiceSettings {
  return {
    server: {
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
    },
    metricsPort,
  };
}
