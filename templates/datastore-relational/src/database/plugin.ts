import fp from 'fastify-plugin';
import { Gauge } from 'prom-client';
import type { ServiceOptions } from '../service.ts';
import { Database } from './database.ts';
import { migrate } from './migrations.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: Database;
  }
}

/** Connects and migrates once the service runs, and closes last of all. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const database = new Database(config.database, (error) =>
      app.log.warn({ err: error }, 'an idle database connection broke'),
    );
    app.decorate('database', database);
    app.health.addStart('database', async () => {
      const applied = await migrate(database.kysely);
      if (applied.length > 0) app.log.info({ applied }, 'migrated');
    });
    app.health.addCheck('database', () => database.ping());
    new Gauge({
      name: 'database_pool_connections',
      help: 'Connections of the pool by state, and callers that wait for one',
      labelNames: ['state'],
      registers: [app.metrics],
      collect() {
        for (const [state, count] of Object.entries(database.poolState()))
          this.set({ state }, count);
      },
    });
    app.addHook('onClose', () => database.close());
  },
  { name: 'database', dependencies: ['health', 'telemetry'] },
);
