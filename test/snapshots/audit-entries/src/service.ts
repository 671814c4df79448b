import type { FastifyInstance } from 'fastify';
import { createService, findRoutes, provide } from 'service-chassis';
import {
  describeEvents,
  type EventBus,
  findHandlers,
  findSchemas,
  registerEvents,
} from 'service-chassis/events';
import { eventsInMemory, inMemoryWithEvents } from 'service-chassis/store';
import type { Config } from './config.ts';
import { AuditEntryRepository } from './database/repository.ts';
import type { Database, UnitOfWork } from './database/unit-of-work.ts';
import { createBus } from './events/bus/adapter.ts';
import { serviceInfo } from './service-info.ts';

/** What the service is built from. */
export interface ServiceOptions {
  readonly config: Config;
  /** Stands in for the real bus in development and tests. */
  readonly bus?: EventBus;
}

/** What routes and handlers may ask for, as `app.NAME`. */
export interface Dependencies {
  readonly database: Database;
}

declare module 'fastify' {
  interface FastifyInstance extends Dependencies {}
}

/** Builds the service: everything that runs, in starting order; it is closed in reverse. */
export async function buildService(options: ServiceOptions): Promise<FastifyInstance> {
  const { config } = options;
  const app = await createService(serviceInfo.name, config);
  const routes = await findRoutes<ServiceOptions>(new URL('./routes', import.meta.url));

  // The service's own memory, behind the same calls that a datastore would have.
  const repository = new AuditEntryRepository();
  const database = inMemoryWithEvents<UnitOfWork>(
    () => app.events,
    (gate, publish) => ({ repository: repository.behind(gate), publish }),
  );
  // An event may come again, and nothing here remembers it: handlers must be idempotent.
  const datastore = eventsInMemory(database);

  provide<Dependencies>(app, {
    database: Object.assign(database, { repository }),
  });

  const schemas = await findSchemas(new URL('./events/schemas', import.meta.url));
  const handlers = await findHandlers<UnitOfWork>(new URL('./events/handlers', import.meta.url));
  registerEvents(app, {
    service: serviceInfo.name,
    config: config.events,
    bus: options.bus ?? createBus(config, app.log),
    datastore,
    schemas,
    handlers,
    hasCallers: routes.length > 0,
  });

  describeEvents(app, serviceInfo, { schemas, handlers });

  for (const route of routes) await app.register(route, options);
  return app;
}
