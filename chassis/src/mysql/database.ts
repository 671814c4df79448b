import {
  type MakeUnitOfWork,
  type RelationalDatabase,
  relationalDatabase,
} from '../relational/index.ts';
import type { DatabaseConfig } from '../store/index.ts';
import { mysqlDialect } from './dialect.ts';

/** What a service says of its database. */
export interface MysqlOptions<Tables, Work> {
  /** The service's name, as the server shows it of each connection. */
  readonly service: string;
  /** Makes what a unit of work offers; what it is given must be all that it changes. */
  readonly unitOfWork: MakeUnitOfWork<Tables, Work>;
}

/**
 * A service's own MySQL or MariaDB database; it connects when it is first used.
 *
 * @param options without a unit of work for a script that needs none.
 */
export function mysql<Tables>(
  config: DatabaseConfig,
  options: Pick<MysqlOptions<Tables, undefined>, 'service'>,
): RelationalDatabase<Tables, undefined>;
export function mysql<Tables, Work>(
  config: DatabaseConfig,
  options: MysqlOptions<Tables, Work>,
): RelationalDatabase<Tables, Work>;
export function mysql<Tables, Work>(
  config: DatabaseConfig,
  options: Partial<MysqlOptions<Tables, Work>>,
): RelationalDatabase<Tables, Work | undefined> {
  const { service = '', unitOfWork = () => undefined } = options;
  return relationalDatabase(mysqlDialect, { ...config, applicationName: service }, unitOfWork);
}
