import type { Transaction } from 'service-chassis/mongodb';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import { __Aggregate__Repository } from './repository.ts';

/** What one request changes: all of it is written, or nothing. It can change one aggregate. */
export interface UnitOfWork {
  readonly repository: __Aggregate__Repository;
}

export function unitOfWork(tx: Transaction<__Aggregate__>): UnitOfWork {
  return { repository: new __Aggregate__Repository(tx.documents) };
}
