import fp from 'fastify-plugin';
import { Connection } from '../../database/connection.ts';
import { Database } from '../../database/database.ts';
import { unitOfWork } from '../../database/unit-of-work.ts';
import type { ServiceOptions } from '../../service.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The service's database for handlers: what is slow with them takes no request's turn. */
    readonly eventsDatabase: Database;
  }
}

/** Connections for handlers, who share them, as many as requests have. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const connection = new Connection(config.database, app.observeStatement);
    const database = new Database(connection, config.database, (repository, changes) =>
      unitOfWork(repository, changes, app),
    );
    app.decorate('eventsDatabase', database);
    app.addHook('onClose', () => database.close());
  },
  { name: 'events-database', dependencies: ['database'] },
);
