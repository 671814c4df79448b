import fastify, { type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify';
import type { Config } from './config.ts';
import { serverOptions } from './http/server-options.ts';
import { answerNoRequest, routableUrl } from './http/unroutable.ts';
import { importAll } from './import-all.ts';
import { inDependencyOrder } from './plugin-order.ts';
import { createLogger } from './telemetry/logger.ts';

/** What a service is built from; a part may add an override of its own by declaration merging. */
export interface ServiceOptions {
  readonly config: Config;
}

/**
 * Builds the service: every `plugin.ts` below `src/<part>` in the order of their dependencies, then
 * every route. Closing the returned instance stops the parts in the reverse order.
 */
export async function buildService(options: ServiceOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: createLogger(options.config.telemetry),
    logController: new LogController({ disableRequestLogging: true }),
    ...serverOptions(options.config),
    // Left out like every property that no schema knows, before it can do harm.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    rewriteUrl: routableUrl,
    clientErrorHandler: answerNoRequest,
    // What a path may be is for the routes to say; how long, for the limit of the head.
    routerOptions: { maxParamLength: Number.MAX_SAFE_INTEGER },
    // A shutdown has a deadline of its own, and what is in flight is served (see src/connections).
    pluginTimeout: 0,
    return503OnClosing: false,
  });
  for (const plugin of inDependencyOrder(await importAll('*/**/plugin.ts', isPlugin))) {
    await app.register(plugin, options);
  }
  for (const route of await importAll('routes/*.ts', isPlugin)) await app.register(route, options);
  return app;
}

function isPlugin(value: unknown): value is FastifyPluginAsync<ServiceOptions> {
  return typeof value === 'function';
}
