import type { ClickHouseDatabase } from 'service-chassis/clickhouse';
import type { __Aggregate__Repository } from './repository.ts';

/** What one request changes: stored in one insert at its end, or not at all. */
export interface UnitOfWork {
  readonly repository: __Aggregate__Repository;
}

/** The service's own database; its repository is outside any unit of work, for reading. */
export type Database = ClickHouseDatabase<UnitOfWork['repository'], UnitOfWork>;
