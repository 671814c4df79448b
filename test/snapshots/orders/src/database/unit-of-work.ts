import type { Transaction } from 'kysely';
import { OrderRepository } from './repository.ts';
import type { Tables } from './tables.ts';

/** What one request changes: all of it commits, or none. */
export interface UnitOfWork {
  readonly repository: OrderRepository;
}

export function unitOfWork(transaction: Transaction<Tables>): UnitOfWork {
  return { repository: new OrderRepository(transaction) };
}
