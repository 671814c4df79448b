import type { FastifyPluginAsync } from 'fastify';
import { importAll } from '../modules/index.ts';

/**
 * Returns every route of a folder, a file each, in the order of their names: adding a route means adding
 * a file.
 *
 * @throws TypeError naming a file whose default export is no Fastify plugin.
 */
export function findRoutes<Options extends object>(
  folder: string | URL,
): Promise<FastifyPluginAsync<Options>[]> {
  return importAll(folder, '*.ts', isPlugin<Options>);
}

function isPlugin<Options extends object>(value: unknown): value is FastifyPluginAsync<Options> {
  return typeof value === 'function';
}
