import path from 'node:path';
import fp from 'fastify-plugin';
import { type ClickHouseDatabase, clickhouse } from 'service-chassis/clickhouse';
import type { ServiceOptions } from '../service.ts';
import { serviceInfo } from '../service-info.ts';
import { __Aggregate__Repository } from './repository.ts';
import { table } from './row.ts';
import { type UnitOfWork, unitOfWork } from './unit-of-work.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly database: ClickHouseDatabase<UnitOfWork['repository'], UnitOfWork>;
  }
}

/** The service's ClickHouse database, which has no transactions and no outbox. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const database = clickhouse(app, config.database, {
      service: serviceInfo.name,
      migrations: path.join(import.meta.dirname, 'migrations'),
      repository: (source) => {
        return new __Aggregate__Repository(source.rows(table));
      },
      unitOfWork,
    });
    app.decorate('database', database);
  },
  { name: 'database', dependencies: ['health', 'telemetry'] },
);
