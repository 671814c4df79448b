import fastifyRateLimit from '@fastify/rate-limit';
import fp from 'fastify-plugin';
import { callerKey } from '../callers/caller-key.ts';
import type { RateLimitConfig } from './config.ts';

/** Callers that are counted at a time; whoever has not called for longest is forgotten. */
const callers = 100_000;

/**
 * Answers a caller who asks too often with 429 and `Retry-After`. A caller is who a valid token names, or
 * else an address. What is not forwarded is not counted: probes come often.
 */
export const rateLimit = fp(
  async (app, { perMinute }: RateLimitConfig) => {
    if (perMinute === 0) return;
    await app.register(fastifyRateLimit, {
      global: false,
      max: perMinute,
      timeWindow: 60_000,
      cache: callers,
      keyGenerator: callerKey,
    });
    // One count for all that is forwarded: `config.rateLimit` would make one a route.
    const limit = app.rateLimit();
    app.addHook('onRoute', (route) => {
      if (route.config?.isPublic === undefined) return;
      route.onRequest = [route.onRequest ?? [], limit].flat();
    });
  },
  { name: 'rate-limit', decorators: { request: ['caller'] } },
);
