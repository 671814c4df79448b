import type { FastifyInstance } from 'fastify';
import type { EventsDatastore } from 'service-chassis/events';
import type { UnitOfWork } from '../database/unit-of-work.ts';

/** How events are handled in this service's database; see `bulk-inserts/plugin.ts`. */
export function eventsDatastore(app: FastifyInstance): EventsDatastore<UnitOfWork> {
  return app.eventsDatastore;
}
