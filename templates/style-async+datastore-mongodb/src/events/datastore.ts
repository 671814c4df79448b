import type { FastifyInstance } from 'fastify';
import type { EventsDatastore } from 'service-chassis/events';
import type { UnitOfWork } from '../database/unit-of-work.ts';

/** How events are handled in this service's database; see `database/plugin.ts`. */
export function eventsDatastore({ databaseEvents }: FastifyInstance): EventsDatastore<UnitOfWork> {
  return databaseEvents.datastore;
}
