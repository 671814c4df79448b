import type { RelationalDatabase } from 'service-chassis/relational';
import type { Publish } from 'service-chassis/events';
import type { ShippingRepository } from './repository.ts';
import type { Tables } from './tables.ts';

/** What one request or event changes: all of it commits, its events included, or none. */
export interface UnitOfWork {
  readonly repository: ShippingRepository;
  /** Writes an event to the outbox: it is published if and only if the work commits. */
  readonly publish: Publish;
}

/** The service's own database; its repository is outside any transaction, for reading. */
export type Database = RelationalDatabase<Tables, UnitOfWork> & Pick<UnitOfWork, 'repository'>;
