import {
  type MakeUnitOfWork,
  type RelationalDatabase,
  relationalDatabase,
} from '../relational/index.ts';
import type { DatabaseConfig } from '../store/index.ts';
import { postgresDialect } from './dialect.ts';

/** What a service says of its database. */
export interface PostgresOptions<Tables, Work> {
  /** The service's name, as the server shows it of each connection. */
  readonly service: string;
  /** Makes what a unit of work offers; what it is given must be all that it changes. */
  readonly unitOfWork: MakeUnitOfWork<Tables, Work>;
}

/**
 * A service's own PostgreSQL database; it connects when it is first used.
 *
 * @param options without a unit of work for a script that needs none.
 */
export function postgres<Tables>(
  config: DatabaseConfig,
  options: Pick<PostgresOptions<Tables, undefined>, 'service'>,
): RelationalDatabase<Tables, undefined>;
export function postgres<Tables, Work>(
  config: DatabaseConfig,
  options: PostgresOptions<Tables, Work>,
): RelationalDatabase<Tables, Work>;
export function postgres<Tables, Work>(
  config: DatabaseConfig,
  options: Partial<PostgresOptions<Tables, Work>>,
): RelationalDatabase<Tables, Work | undefined> {
  const { service = '', unitOfWork = () => undefined } = options;
  return relationalDatabase(postgresDialect, { ...config, applicationName: service }, unitOfWork);
}
