import type { MongoDatabase } from 'service-chassis/mongodb';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import type { __Aggregate__Repository } from './repository.ts';

/** What one request changes: all of it is written, or nothing. It can change one aggregate. */
export interface UnitOfWork {
  readonly repository: __Aggregate__Repository;
}

/** The service's own database; its repository is outside any unit of work, for reading. */
export type Database = MongoDatabase<__Aggregate__, UnitOfWork['repository'], UnitOfWork>;
