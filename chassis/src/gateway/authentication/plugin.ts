import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { ConfigError } from '../../config/index.ts';
import type { AuthenticationConfig } from './config.ts';
import { Tokens, UnauthorizedError } from './tokens.ts';

/** What is known of who calls. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'verified'; readonly subject: string | undefined }
  | { readonly kind: 'refused'; readonly why: Error };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether callers need no token. Only what is forwarded says so; the rest is the platform's. */
    isPublic?: boolean;
  }
  interface FastifyRequest {
    caller: Caller;
  }
}

/**
 * Lets nobody without a valid token to what is not public (`isPublic: false` in a route's `config`). It is
 * found out first, and refused after the rate limit, so that guesses are limited too. `request.caller` says
 * who calls.
 */
export const authentication = fp(
  async (app, { issuer, isProduction }: AuthenticationConfig) => {
    const anonymous: Caller = { kind: 'anonymous' };
    app.decorateRequest('caller');
    app.addHook('onRequest', (request, _reply, done) => {
      request.caller = anonymous;
      done();
    });
    if (issuer === undefined) return requireNone(app, isProduction);

    const tokens = new Tokens(issuer);
    app.addHook('onRequest', async (request) => {
      if (request.routeOptions.config.isPublic !== false) return;
      request.caller = await tokens.subjectOf(request.headers.authorization).then(
        (subject): Caller => ({ kind: 'verified', subject }),
        (why): Caller => ({ kind: 'refused', why }),
      );
    });
    app.addHook('preParsing', (request, reply, payload, done) => {
      const { caller } = request;
      if (caller.kind !== 'refused') return done(null, payload);
      if (caller.why instanceof UnauthorizedError) {
        reply.header('www-authenticate', caller.why.challenge);
      }
      done(caller.why);
    });
  },
  { name: 'authentication' },
);

/** Without an issuer of tokens, private routes are open in development, and no start in production. */
function requireNone(app: FastifyInstance, isProduction: boolean): void {
  const open = new Set<string>();
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.isPublic !== false) return;
    if (!isProduction) return void open.add(url);
    throw new ConfigError([
      `JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL: needed, as ${url} is not public`,
    ]);
  });
  app.addHook('onReady', async () => {
    if (open.size === 0) return;
    app.log.warn({ routes: [...open] }, 'open to anybody: JWT_ISSUER and its like are not set');
  });
}
