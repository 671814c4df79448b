import type { FastifyInstance } from 'fastify';
import { createService, findRoutes, provide } from 'service-chassis';
import { describeApi } from 'service-chassis/api';
import {
  describeEvents,
  type EventBus,
  findHandlers,
  findSchemas,
  registerEvents,
} from 'service-chassis/events';
import type { KeptAnswers } from 'service-chassis/idempotency';
import { registerOutbox } from 'service-chassis/outbox';
import { postgres } from 'service-chassis/postgres';
import {
  answersIn,
  eventsIn,
  outboxOf,
  publisher,
  registerInbox,
  registerRelational,
} from 'service-chassis/relational';
import type { Config } from './config.ts';
import { ShippingRepository } from './database/repository.ts';
import type { Tables } from './database/tables.ts';
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
  /** The answers of requests with an `Idempotency-Key`, each kept in the transaction of its change. */
  readonly idempotency: KeptAnswers<UnitOfWork>;
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

  const database = postgres<Tables, UnitOfWork>(config.database, {
    service: serviceInfo.name,
    unitOfWork: (transaction, events) => ({
      repository: new ShippingRepository(transaction),
      publish: publisher(events, () => app.events),
    }),
  });
  const repository = new ShippingRepository(database.kysely);
  // For handlers, the relay and upkeep: what is slow with them takes no request's connection.
  const eventsDatabase = database.withPool(config.events.concurrency + 2);
  const datastore = eventsIn(eventsDatabase);
  const migrations = new URL('./database/migrations', import.meta.url);
  registerRelational(app, { database, pools: { events: eventsDatabase }, migrations });

  provide<Dependencies>(app, {
    idempotency: answersIn(app, database, config.idempotency),
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

  registerInbox(app, eventsDatabase, config.inbox);
  registerOutbox(app, { store: outboxOf(eventsDatabase), stuckAfter: config.events.stuckAfter });

  await describeApi(app, serviceInfo);
  describeEvents(app, serviceInfo, { schemas, handlers });

  for (const route of routes) await app.register(route, options);
  return app;
}
