import type { Registry } from 'prom-client';
import type { Health } from '../health/index.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly health: Health;
    readonly metrics: Registry;
  }
}
