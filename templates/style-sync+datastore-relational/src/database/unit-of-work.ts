import type { Transaction } from 'kysely';
import { __Aggregate__Repository } from './repository.ts';
import type { Tables } from './tables.ts';

/** What one request changes: all of it commits, or none. */
export interface UnitOfWork {
  readonly repository: __Aggregate__Repository;
}

export function unitOfWork(transaction: Transaction<Tables>): UnitOfWork {
  return { repository: new __Aggregate__Repository(transaction) };
}
