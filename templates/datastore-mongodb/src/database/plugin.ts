import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { observeCommands } from './commands.ts';
import { Database } from './database.ts';
import { migrate } from './migrations.ts';
import { observePool } from './pool.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: Database;
  }
}

/** Connects and migrates once the service runs, and closes last of all. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const database = new Database(config.database);
    app.decorate('database', database);
    observePool(database.client, app.metrics);
    observeCommands(database.client, app.metrics, app.log, config.database.slowStatement);
    app.health.addStart('database', async () => {
      const applied = await migrate(database);
      if (applied.length > 0) app.log.info({ applied }, 'migrated');
    });
    app.health.addCheck('database', () => database.ping());
    app.addHook('onClose', () => database.close());
  },
  { name: 'database', dependencies: ['health', 'telemetry'] },
);
