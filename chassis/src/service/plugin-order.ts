import type { FastifyInstance, FastifyPluginAsync } from 'fastify';

interface Meta {
  readonly name?: string;
  readonly dependencies?: readonly string[];
}

const metaKey = Symbol.for('plugin-meta');

/**
 * Sorts plugins so that each comes after those it names in `dependencies` (see `fastify-plugin`).
 *
 * @param app has the plugins that are there already.
 * @throws Error naming a dependency that is not there or a cycle.
 */
export function inDependencyOrder<Options extends object>(
  app: FastifyInstance,
  plugins: readonly FastifyPluginAsync<Options>[],
): FastifyPluginAsync<Options>[] {
  const byName = new Map(plugins.map((plugin) => [metaOf(plugin).name, plugin]));
  const ordered = new Set<FastifyPluginAsync<Options>>();
  const add = (plugin: FastifyPluginAsync<Options>, path: readonly string[]): void => {
    const { name = 'a plugin without a name', dependencies = [] } = metaOf(plugin);
    if (path.includes(name)) throw new Error(`Plugins in a cycle: ${[...path, name].join(' → ')}`);
    for (const dependency of dependencies.filter((each) => !app.hasPlugin(each))) {
      const needed = byName.get(dependency);
      if (needed === undefined) throw new Error(`${name} needs the missing plugin ${dependency}`);
      add(needed, [...path, name]);
    }
    ordered.add(plugin);
  };
  for (const plugin of plugins) add(plugin, []);
  return [...ordered];
}

function metaOf(plugin: object): Meta {
  const meta: unknown = metaKey in plugin ? plugin[metaKey] : undefined;
  return typeof meta === 'object' && meta !== null ? meta : {};
}
