import type { Transaction } from 'kysely';
import type { Publish } from 'service-chassis/events';
import { ShippingRepository } from './repository.ts';
import type { Tables } from './tables.ts';

/** What one request or event changes: all of it commits, its events included, or none. */
export interface UnitOfWork {
  readonly repository: ShippingRepository;
  /** Writes an event to the outbox: it is published if and only if the work commits. */
  readonly publish: Publish;
}

export function unitOfWork(transaction: Transaction<Tables>, publish: Publish): UnitOfWork {
  const repository = new ShippingRepository(transaction);
  return { repository, publish };
}
