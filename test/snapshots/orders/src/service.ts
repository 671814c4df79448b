import type { FastifyInstance } from 'fastify';
import { createService, findRoutes } from 'service-chassis';
import { describeApi } from 'service-chassis/api';
import type { Config } from './config.ts';
import database from './database/plugin.ts';
import { failureOf } from './http/settings.ts';
import idempotency from './idempotency/plugin.ts';
import { serviceInfo } from './service-info.ts';

/** What the service is built from. */
export interface ServiceOptions {
  readonly config: Config;
}

/** Builds the service: everything that runs, in starting order; it is closed in reverse. */
export async function buildService(options: ServiceOptions): Promise<FastifyInstance> {
  const { config } = options;
  const app = await createService(serviceInfo.name, config, { failureOf });
  const routes = await findRoutes<ServiceOptions>(new URL('./routes', import.meta.url));

  await app.register(database, options);

  await describeApi(app, serviceInfo);
  await app.register(idempotency, options);

  for (const route of routes) await app.register(route, options);
  return app;
}
