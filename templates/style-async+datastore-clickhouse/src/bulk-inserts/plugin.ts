import fp from 'fastify-plugin';
import { Histogram } from 'prom-client';
import { isOutage } from '../database/failure.ts';
import type { Row } from '../database/row.ts';
import { store } from '../database/store.ts';
import type { ServiceOptions } from '../service.ts';
import { BulkInserts } from './bulk-inserts.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Stores what handlers create. */
    readonly bulkInserts: BulkInserts<Row>;
  }
}

/** Gathers what handlers create into large inserts. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const sizes = new Histogram({
      name: 'database_bulk_insert_rows',
      help: 'Rows of each insert that handlers share',
      buckets: [1, 10, 100, 1000, 10_000],
      registers: [app.metrics],
    });
    const write = async (rows: readonly Row[]): Promise<void> => {
      await store(app.eventsDatabase.connection, rows);
      sizes.observe(rows.length);
    };
    app.decorate('bulkInserts', new BulkInserts(write, isOutage, config.bulkInserts));
  },
  { name: 'bulk-inserts', dependencies: ['telemetry', 'events-database'] },
);
