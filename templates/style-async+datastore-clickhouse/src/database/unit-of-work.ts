import type { ClickHouseDatabase, Publishing } from 'service-chassis/clickhouse';
import type { __Aggregate__Repository } from './repository.ts';

/**
 * What one request or event changes: stored in one insert at its end, or not at all. What is published
 * goes out after that, and may be lost with the process when it follows from a request.
 */
export interface UnitOfWork extends Publishing {
  readonly repository: __Aggregate__Repository;
}

/** The service's own database; its repository is outside any unit of work, for reading. */
export type Database = ClickHouseDatabase<UnitOfWork['repository'], UnitOfWork>;
