import type { __Aggregate__Repository } from './repository.ts';

/** What one request changes. There is no datastore here that could undo a part of it. */
export interface UnitOfWork {
  readonly repository: __Aggregate__Repository;
}
