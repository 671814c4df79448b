import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { findPackage } from '../stand-ins/index.ts';

/** Where the API of a service in development can be read and tried out. */
export const docsPath = '/docs';

interface DocsModule {
  readonly default: FastifyPluginAsync<{ readonly routePrefix: string }>;
}

/**
 * Serves a page on which the API can be tried out, when the service describes one and has the package
 * `@fastify/swagger-ui`. All of the page is in the package.
 */
export async function serveDocs(app: FastifyInstance, root: string): Promise<void> {
  const url = findPackage('@fastify/swagger-ui', root);
  const isTaken = app.hasRoute({ method: 'GET', url: docsPath });
  if (url === undefined || isTaken || !app.hasDecorator('swagger')) return;
  const { default: page }: DocsModule = await import(url);
  await app.register(page, { routePrefix: docsPath });
}
