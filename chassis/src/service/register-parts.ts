import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { importAll } from './import-all.ts';
import { inDependencyOrder } from './plugin-order.ts';

/**
 * Registers the parts of a service, which are folders below the given one: every `plugin.ts` in the order
 * of their dependencies, then every file of `routes`. Closing the service stops them in the reverse order.
 *
 * @param options what each plugin and route is given.
 */
export async function registerParts<Options extends object>(
  app: FastifyInstance,
  folder: string,
  options: Options,
): Promise<void> {
  const plugins = await importAll(folder, '*/**/plugin.ts', isPlugin<Options>);
  for (const plugin of inDependencyOrder(app, plugins)) await app.register(plugin, options);
  for (const route of await importAll(folder, 'routes/*.ts', isPlugin<Options>))
    await app.register(route, options);
}

function isPlugin<Options extends object>(value: unknown): value is FastifyPluginAsync<Options> {
  return typeof value === 'function';
}
