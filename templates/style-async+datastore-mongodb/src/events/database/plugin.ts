import fp from 'fastify-plugin';
import { type MongoEvents, mongodbEvents } from 'service-chassis/mongodb';
import type { UnitOfWork } from '../../database/unit-of-work.ts';
import type { ServiceOptions } from '../../service.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** How events are handled and published in this service's database. */
    readonly databaseEvents: MongoEvents<UnitOfWork>;
  }
}

/** Connections for each handler that may run, and for the relay. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const events = mongodbEvents(app, app.database, config.events.concurrency);
    app.decorate('databaseEvents', events);
  },
  { name: 'events-database', dependencies: ['health', 'database'] },
);
