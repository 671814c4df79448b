import cors from '@fastify/cors';
import fp from 'fastify-plugin';
import type { CorsConfig } from './config.ts';

/**
 * Tells browsers which pages may read answers: none of another origin unless configured. Cookies are
 * not sent along; who calls is said by a token.
 */
export const crossOrigin = fp(
  async (app, { origins }: CorsConfig) => {
    if (origins.length === 0) return;
    await app.register(cors, {
      origin: origins.includes('*') ? '*' : [...origins],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['etag', 'location', 'retry-after', 'x-request-id'],
      maxAge: 600,
      // An OPTIONS that is no preflight is a request like any other.
      strictPreflight: false,
    });
  },
  { name: 'cross-origin' },
);
