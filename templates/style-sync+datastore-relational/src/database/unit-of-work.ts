import type { Transaction } from 'kysely';
import { Repository } from './repository.ts';
import type { Tables } from './tables.ts';

/** What one request or event changes: all of it commits, or none. */
export interface UnitOfWork {
  readonly repository: Repository;
}

export function unitOfWork(transaction: Transaction<Tables>): UnitOfWork {
  return { repository: new Repository(transaction) };
}
