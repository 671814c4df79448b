import type { MongoDatabase, Publishing } from 'service-chassis/mongodb';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import type { __Aggregate__Repository } from './repository.ts';

/**
 * What one request or event changes: all of it is written, its events included, or nothing. It can
 * change one aggregate.
 */
export interface UnitOfWork extends Publishing {
  readonly repository: __Aggregate__Repository;
}

/** The service's own database; its repository is outside any unit of work, for reading. */
export type Database = MongoDatabase<__Aggregate__, UnitOfWork['repository'], UnitOfWork>;
