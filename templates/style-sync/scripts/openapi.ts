import fastify from 'fastify';
import { findRoutes } from 'service-chassis';
import { describeApi } from 'service-chassis/api';
import { serviceInfo } from '../src/service-info.ts';

/**
 * Prints the OpenAPI document as the code has it, without configuration and without any server. The
 * services that call this one ask for it, and test that it still fits them.
 */
const app = fastify();
await describeApi(app, serviceInfo);
const routes = await findRoutes(new URL('../src/routes', import.meta.url));
for (const route of routes) await app.register(route);
await app.ready();
process.stdout.write(`${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
