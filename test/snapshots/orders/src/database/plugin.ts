import path from 'node:path';
import fp from 'fastify-plugin';
import { postgres } from 'service-chassis/postgres';
import { type RelationalDatabase, registerRelational } from 'service-chassis/relational';
import type { ServiceOptions } from '../service.ts';
import { serviceInfo } from '../service-info.ts';
import { OrderRepository } from './repository.ts';
import type { Tables } from './tables.ts';
import { type UnitOfWork, unitOfWork } from './unit-of-work.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Its repository is outside any transaction, for reading. */
    readonly database: RelationalDatabase<Tables, UnitOfWork> & Pick<UnitOfWork, 'repository'>;
  }
}

/** Connects and migrates once the service runs, and closes last of all. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const database = postgres(config.database, { service: serviceInfo.name, unitOfWork });
    const repository = new OrderRepository(database.kysely);
    app.decorate('database', Object.assign(database, { repository }));
    const migrations = path.join(import.meta.dirname, 'migrations');
    registerRelational(app, { database, migrations });
  },
  { name: 'database', dependencies: ['health', 'telemetry'] },
);
