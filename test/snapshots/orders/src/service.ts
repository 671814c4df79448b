import type { FastifyInstance } from 'fastify';
import { createService, findRoutes, provide } from 'service-chassis';
import { describeApi } from 'service-chassis/api';
import type { KeptAnswers } from 'service-chassis/idempotency';
import { postgres } from 'service-chassis/postgres';
import { answersIn, registerRelational } from 'service-chassis/relational';
import type { Config } from './config.ts';
import { OrderRepository } from './database/repository.ts';
import type { Tables } from './database/tables.ts';
import type { Database, UnitOfWork } from './database/unit-of-work.ts';
import { serviceInfo } from './service-info.ts';

/** What the service is built from. */
export interface ServiceOptions {
  readonly config: Config;
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
    unitOfWork: (transaction) => ({
      repository: new OrderRepository(transaction),
    }),
  });
  const repository = new OrderRepository(database.kysely);
  const migrations = new URL('./database/migrations', import.meta.url);
  registerRelational(app, { database, migrations });

  provide<Dependencies>(app, {
    idempotency: answersIn(app, database, config.idempotency),
    database: Object.assign(database, { repository }),
  });

  await describeApi(app, serviceInfo);

  for (const route of routes) await app.register(route, options);
  return app;
}
