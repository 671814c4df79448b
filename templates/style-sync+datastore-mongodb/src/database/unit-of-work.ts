import type { Repository } from './repository.ts';
import type { Transaction } from './transaction.ts';

/** What one request changes: all of it is written, or nothing. It can change one aggregate. */
export interface UnitOfWork {
  readonly repository: Repository;
}

export function unitOfWork(transaction: Transaction): UnitOfWork {
  return { repository: transaction.repository };
}
