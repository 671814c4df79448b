import type { FastifyInstance } from 'fastify';
import { eventsInMemory } from 'service-chassis/store';

/** How events are handled without a datastore: one may come again, so handlers must be idempotent. */
export function eventsDatastore({ database }: FastifyInstance) {
  return eventsInMemory(database);
}
