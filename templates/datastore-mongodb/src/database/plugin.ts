import path from 'node:path';
import fp from 'fastify-plugin';
import { type MongoDatabase, mongodb } from 'service-chassis/mongodb';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import type { ServiceOptions } from '../service.ts';
import { serviceInfo } from '../service-info.ts';
import { collection } from './collection.ts';
import { __Aggregate__Repository } from './repository.ts';
import { type UnitOfWork, unitOfWork } from './unit-of-work.ts';

type Repository = UnitOfWork['repository'];
type Database = MongoDatabase<__Aggregate__, Repository, UnitOfWork>;

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: Database;
  }
}

/** The service's MongoDB database, in which a unit of work changes one document. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const database = mongodb(app, config.database, {
      service: serviceInfo.name,
      collection,
      migrations: path.join(import.meta.dirname, 'migrations'),
      repository: (documents) => new __Aggregate__Repository(documents),
      unitOfWork,
    });
    app.decorate('database', database);
  },
  { name: 'database', dependencies: ['health', 'telemetry'] },
);
