import type { FastifyInstance } from 'fastify';
import { createService, findRoutes } from 'service-chassis';
import {
  describeEvents,
  type EventBus,
  findHandlers,
  findSchemas,
  registerEvents,
} from 'service-chassis/events';
import type { Config } from './config.ts';
import database from './database/plugin.ts';
import type { UnitOfWork } from './database/unit-of-work.ts';
import { createBus } from './events/bus/adapter.ts';
import { eventsDatastore } from './events/datastore.ts';
import { failureOf } from './http/settings.ts';
import { serviceInfo } from './service-info.ts';

/** What the service is built from. */
export interface ServiceOptions {
  readonly config: Config;
  /** Stands in for the real bus in development and tests. */
  readonly bus?: EventBus;
}

/** Builds the service: everything that runs, in starting order; it is closed in reverse. */
export async function buildService(options: ServiceOptions): Promise<FastifyInstance> {
  const { config } = options;
  const app = await createService(serviceInfo.name, config, { failureOf });
  const routes = await findRoutes<ServiceOptions>(new URL('./routes', import.meta.url));

  await app.register(database, options);

  const schemas = await findSchemas(new URL('./events/schemas', import.meta.url));
  const handlers = await findHandlers<UnitOfWork>(new URL('./events/handlers', import.meta.url));
  registerEvents(app, {
    service: serviceInfo.name,
    config: config.events,
    bus: options.bus ?? createBus(config, app.log),
    datastore: eventsDatastore(app),
    schemas,
    handlers,
    hasCallers: routes.length > 0,
  });

  describeEvents(app, serviceInfo, { schemas, handlers });

  for (const route of routes) await app.register(route, options);
  return app;
}
