import fp from 'fastify-plugin';
import { Database } from '../../database/database.ts';
import type { ServiceOptions } from '../../service.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The service's database for handlers and the relay: what is slow with them takes no request's turn. */
    readonly eventsDatabase: Database;
  }
}

/** The relay's, and one for what the service does once in a while, such as forgetting old events. */
const besideHandlers = 2;

/** Connections for each handler that may run, and for the relay. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const poolMax = config.events.concurrency + besideHandlers;
    const database = new Database({ ...config.database, poolMax });
    app.observeDatabase('events', database);
    app.decorate('eventsDatabase', database);
    app.health.addStart('events-database', () => database.connect());
    app.addHook('onClose', () => database.close());
  },
  { name: 'events-database', dependencies: ['health', 'database'] },
);
