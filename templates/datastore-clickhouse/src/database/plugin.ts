import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { Connection, type Statement } from './connection.ts';
import { Database } from './database.ts';
import { watchStatements } from './metrics.ts';
import { checkSchema, migrate } from './migrations.ts';
import { RefusedWrites } from './refused-writes.ts';
import { unitOfWork } from './unit-of-work.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: Database;
    /** Shows what is told of a statement in metrics and in the log. */
    readonly observeStatement: (statement: Statement) => void;
  }
}

/** Connects and migrates once the service runs, and closes last of all. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const refusedWrites = new RefusedWrites('disk-full', 'read-only');
    const { slowQuery } = config.database;
    const tell = watchStatements(app.metrics, app.log, slowQuery, refusedWrites);
    const connection = new Connection(config.database, tell);
    const database = new Database(connection, config.database, (repository, changes) =>
      unitOfWork(repository, changes, app),
    );
    app.decorate('database', database);
    app.decorate('observeStatement', tell);
    app.health.addStart('database', async () => {
      const schema = config.database.migrate ? migrate(config.database) : checkSchema(connection);
      const { applied, ahead } = await schema;
      if (applied.length > 0) app.log.info({ applied }, 'migrated');
      if (ahead.length > 0)
        app.log.warn({ ahead }, 'the database has migrations of a newer version of the service');
    });
    app.health.addCheck('database', async () => {
      refusedWrites.check();
      await database.ping();
    });
    app.addHook('onClose', () => database.close());
  },
  { name: 'database', dependencies: ['health', 'telemetry'] },
);
