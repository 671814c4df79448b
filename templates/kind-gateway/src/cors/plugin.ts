import cors from '@fastify/cors';
import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';

/**
 * Tells browsers which pages may read answers: none of another origin unless configured. Cookies are
 * not sent along; who calls is said by a token.
 */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const { origins } = config.cors;
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
  { name: 'cors', dependencies: ['edge'] },
);
