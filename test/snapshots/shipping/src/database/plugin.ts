import path from 'node:path';
import fp from 'fastify-plugin';
import { postgres } from 'service-chassis/postgres';
import { publisher, type RelationalDatabase, registerRelational } from 'service-chassis/relational';
import type { ServiceOptions } from '../service.ts';
import { serviceInfo } from '../service-info.ts';
import { ShippingRepository } from './repository.ts';
import type { Tables } from './tables.ts';
import { type UnitOfWork, unitOfWork } from './unit-of-work.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Its repository is outside any transaction, for reading. */
    readonly database: RelationalDatabase<Tables, UnitOfWork> & Pick<UnitOfWork, 'repository'>;
    /** The same database for handlers and the relay: what is slow with them takes no request's turn. */
    readonly eventsDatabase: RelationalDatabase<Tables, UnitOfWork>;
  }
}

/** The relay's, and one for what the service does once in a while, such as forgetting old events. */
const besideHandlers = 2;

/** Connects and migrates once the service runs, and closes last of all. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const database = postgres<Tables, UnitOfWork>(config.database, {
      service: serviceInfo.name,
      unitOfWork: (transaction, pending) => {
        const publish = publisher(pending, () => app.events.maxEventBytes);
        return unitOfWork(transaction, publish);
      },
    });
    const repository = new ShippingRepository(database.kysely);
    app.decorate('database', Object.assign(database, { repository }));
    const events = database.withPool(config.events.concurrency + besideHandlers);
    app.decorate('eventsDatabase', events);
    const migrations = path.join(import.meta.dirname, 'migrations');
    registerRelational(app, { database, pools: { events }, migrations });
  },
  { name: 'database', dependencies: ['health', 'telemetry'] },
);
