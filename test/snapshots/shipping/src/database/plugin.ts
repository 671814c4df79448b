import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { Database } from './database.ts';
import { checkSchema, migrate } from './migrations.ts';
import { type Observe, observer } from './observe.ts';
import { RefusedWrites } from './refused-writes.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: Database;
    /** Shows connections to the database in metrics and in the log. */
    readonly observeDatabase: Observe;
  }
}

/** Connects and migrates once the service runs, and closes last of all. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const database = new Database(config.database);
    const refusedWrites = new RefusedWrites('disk-full');
    const observe = observer(app.metrics, app.log, refusedWrites);
    observe('requests', database);
    app.decorate('database', database);
    app.decorate('observeDatabase', observe);
    app.health.addStart('database', async () => {
      await database.connect();
      const schema = config.database.migrate ? migrate(config.database) : checkSchema(database);
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
