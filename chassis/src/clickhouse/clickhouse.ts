import type { FastifyInstance } from 'fastify';
import { RefusedWrites, registerDatabase } from '../store/index.ts';
import type { Changes } from './changes.ts';
import type { ClickHouseConfig } from './config.ts';
import { ClickHouseDatabase, type DatabaseParts } from './database.ts';
import { checkSchema, migrate } from './migrations.ts';
import { watchStatements } from './statement-metrics.ts';

/** What a service makes of its database, and where its migrations are. */
export interface ClickHouseOptions<Repository, Work>
  extends Pick<DatabaseParts<Repository, Work>, 'repository'> {
  /** Makes what a unit of work is given; `app` is what it may publish by. */
  readonly unitOfWork: (changes: Changes, app: FastifyInstance) => Work;
  /** The service's name: the server shows it beside each statement. */
  readonly service: string;
  /** The folder of the migrations. */
  readonly migrations: string | URL;
}

/**
 * A service's ClickHouse database: connects and migrates once the service runs, answers for its readiness,
 * shows statements in metrics and slow ones in the log, and closes last of all.
 */
export function clickhouse<Repository, Work>(
  app: FastifyInstance,
  config: ClickHouseConfig,
  { service, migrations, repository, unitOfWork }: ClickHouseOptions<Repository, Work>,
): ClickHouseDatabase<Repository, Work> {
  // A replica that has lost its Keeper is read-only, too.
  const refusedWrites = new RefusedWrites('disk-full', 'read-only');
  const observe = watchStatements(app.metrics, app.log, config.slowQuery, refusedWrites);
  const database = new ClickHouseDatabase(
    { service, config, observe },
    { repository, unitOfWork: (changes) => unitOfWork(changes, app) },
  );
  registerDatabase(app, {
    database,
    prepare: () =>
      config.migrate
        ? migrate({ service, config }, migrations)
        : checkSchema(database.connection, migrations),
    refusedWrites,
  });
  return database;
}
