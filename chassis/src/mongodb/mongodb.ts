import type { FastifyInstance } from 'fastify';
import { RefusedWrites, registerDatabase } from '../store/index.ts';
import { observer } from './command-metrics.ts';
import type { MongoConfig } from './config.ts';
import { type DatabaseParts, MongoDatabase } from './database.ts';
import type { VersionedAggregate } from './document.ts';
import { checkSchema, migrate } from './migrations.ts';
import type { Transaction } from './transaction.ts';

/** What a service makes of its database, and where its migrations are. */
export interface MongoOptions<Aggregate extends VersionedAggregate, Repository, Work>
  extends Pick<DatabaseParts<Aggregate, Repository, Work>, 'collection' | 'repository'> {
  /** Makes what a unit of work is given; `app` is what it may publish by. */
  readonly unitOfWork: (transaction: Transaction<Aggregate>, app: FastifyInstance) => Work;
  /** The service's name: the server shows it beside each connection. */
  readonly service: string;
  /** The folder of the migrations. */
  readonly migrations: string | URL;
}

/**
 * A service's MongoDB database: connects and migrates once the service runs, answers for its readiness,
 * shows commands in metrics and slow ones in the log, and closes last of all.
 */
export function mongodb<Aggregate extends VersionedAggregate, Repository, Work>(
  app: FastifyInstance,
  config: MongoConfig,
  options: MongoOptions<Aggregate, Repository, Work>,
): MongoDatabase<Aggregate, Repository, Work> {
  const { service, collection, migrations, repository, unitOfWork } = options;
  const refusedWrites = new RefusedWrites('disk-full');
  const observe = observer(app.metrics, app.log, config.slowQuery, refusedWrites);
  const database = new MongoDatabase(
    { service, config, observe, pool: 'requests' },
    { collection, repository, unitOfWork: (transaction) => unitOfWork(transaction, app) },
  );
  registerDatabase(app, {
    database,
    prepare: () =>
      config.migrate
        ? migrate({ service, config }, migrations)
        : checkSchema(database.db, migrations),
    refusedWrites,
  });
  return database;
}
