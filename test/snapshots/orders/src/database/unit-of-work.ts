import type { RelationalDatabase } from 'service-chassis/relational';
import type { OrderRepository } from './repository.ts';
import type { Tables } from './tables.ts';

/** What one request changes: all of it commits, or none. */
export interface UnitOfWork {
  readonly repository: OrderRepository;
}

/** The service's own database; its repository is outside any transaction, for reading. */
export type Database = RelationalDatabase<Tables, UnitOfWork> & Pick<UnitOfWork, 'repository'>;
