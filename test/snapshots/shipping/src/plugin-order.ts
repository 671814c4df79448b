import type { FastifyPluginAsync } from 'fastify';
import type { ServiceOptions } from './service.ts';

type Plugin = FastifyPluginAsync<ServiceOptions> & {
  readonly [meta: symbol]: { readonly name?: string; readonly dependencies?: readonly string[] };
};

const metaKey = Symbol.for('plugin-meta');

/**
 * Sorts plugins so that each comes after those it names in `dependencies` (see `fastify-plugin`).
 *
 * @throws Error naming a dependency that is not there or a cycle.
 */
export function inDependencyOrder<T extends FastifyPluginAsync<ServiceOptions>>(
  plugins: readonly T[],
): T[] {
  const byName = new Map(plugins.map((plugin) => [metaOf(plugin).name, plugin]));
  const ordered = new Set<T>();
  const add = (plugin: T, path: readonly string[]): void => {
    const { name = 'a plugin without a name', dependencies = [] } = metaOf(plugin);
    if (path.includes(name)) throw new Error(`Plugins in a cycle: ${[...path, name].join(' → ')}`);
    for (const dependency of dependencies) {
      const needed = byName.get(dependency);
      if (needed === undefined) throw new Error(`${name} needs the missing plugin ${dependency}`);
      add(needed, [...path, name]);
    }
    ordered.add(plugin);
  };
  for (const plugin of plugins) add(plugin, []);
  return [...ordered];
}

function metaOf(plugin: Plugin | FastifyPluginAsync<ServiceOptions>) {
  return metaKey in plugin ? plugin[metaKey] : {};
}
