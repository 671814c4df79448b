import path from 'node:path';
import fastify, { type FastifyPluginAsync } from 'fastify';
import { importAll } from 'service-chassis';
import api from '../src/api/plugin.ts';

/**
 * Prints the OpenAPI document as the code has it, without configuration and without any server. The
 * services that call this one ask for it, and test that it still fits them.
 */
const app = fastify();
await app.register(api);
const source = path.resolve(import.meta.dirname, '../src');
for (const route of await importAll(source, 'routes/*.ts', isRoute)) await app.register(route);
await app.ready();
process.stdout.write(`${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();

function isRoute(value: unknown): value is FastifyPluginAsync {
  return typeof value === 'function';
}
