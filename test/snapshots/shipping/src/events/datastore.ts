import type { FastifyInstance } from 'fastify';
import { eventsIn } from 'service-chassis/relational';

/** How events are handled in this service's database: once in effect, however often they come. */
export function eventsDatastore({ eventsDatabase }: FastifyInstance) {
  return eventsIn(eventsDatabase);
}
