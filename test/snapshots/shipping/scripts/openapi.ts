import fastify from 'fastify';
import { findRoutes } from 'service-chassis';
import { describeApi } from 'service-chassis/api';
import { serviceInfo } from '../src/service-info.ts';

/**
 * Prints the OpenAPI document of the routes; needs no configuration and no server. Services that call
 * this one run this script to test that their calls still fit.
 */
const app = fastify();
await describeApi(app, serviceInfo);
const routes = await findRoutes(new URL('../src/routes', import.meta.url));
for (const route of routes) await app.register(route);
await app.ready();
process.stdout.write(`${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
