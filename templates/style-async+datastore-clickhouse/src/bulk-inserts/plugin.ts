import fp from 'fastify-plugin';
import { clickhouseEvents } from 'service-chassis/clickhouse';
import type { EventsDatastore } from 'service-chassis/events';
import type { UnitOfWork } from '../database/unit-of-work.ts';
import type { ServiceOptions } from '../service.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** How events are handled in this service's database. */
    readonly eventsDatastore: EventsDatastore<UnitOfWork>;
  }
}

/** Handles each event once in effect, and gathers what handlers create into large inserts. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const datastore = clickhouseEvents(app, app.database, config.bulkInserts);
    app.decorate('eventsDatastore', datastore);
  },
  { name: 'bulk-inserts', dependencies: ['telemetry', 'database'] },
);
