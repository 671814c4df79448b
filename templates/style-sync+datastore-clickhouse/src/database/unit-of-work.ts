import type { Changes } from 'service-chassis/clickhouse';
import { __Aggregate__Repository } from './repository.ts';
import { table } from './row.ts';

/** What one request changes: stored in one insert at its end, or not at all. */
export interface UnitOfWork {
  readonly repository: __Aggregate__Repository;
}

export function unitOfWork(changes: Changes): UnitOfWork {
  const repository = new __Aggregate__Repository(changes.rows(table));
  return { repository };
}
