import {
  type MakeUnitOfWork,
  type RelationalDatabase,
  relationalDatabase,
} from '../relational/index.ts';
import type { DatabaseConfig } from '../store/index.ts';
import { pathOf } from './address.ts';
import { sqliteDialect } from './dialect.ts';

/** What a service says of its database. */
export interface SqliteOptions<Tables, Work> {
  /** The service's name. */
  readonly service: string;
  /** Makes what a unit of work offers; what it is given must be all that it changes. */
  readonly unitOfWork: MakeUnitOfWork<Tables, Work>;
}

/**
 * A service's own SQLite database, a file of which one process at a time is the user; it is opened, and made
 * unless it is there, when it is first used. Its folder must be there.
 *
 * @param options without a unit of work for a script that needs none.
 */
export function sqlite<Tables>(
  config: DatabaseConfig,
  options: Pick<SqliteOptions<Tables, undefined>, 'service'>,
): RelationalDatabase<Tables, undefined>;
export function sqlite<Tables, Work>(
  config: DatabaseConfig,
  options: SqliteOptions<Tables, Work>,
): RelationalDatabase<Tables, Work>;
export function sqlite<Tables, Work>(
  config: DatabaseConfig,
  options: Partial<SqliteOptions<Tables, Work>>,
): RelationalDatabase<Tables, Work | undefined> {
  const { service = '', unitOfWork = () => undefined } = options;
  const dialect = sqliteDialect(pathOf(config.url));
  return relationalDatabase(dialect, { ...config, applicationName: service }, unitOfWork);
}
