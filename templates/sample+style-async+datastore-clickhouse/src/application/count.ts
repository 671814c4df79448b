import type { Connection } from 'service-chassis/clickhouse';
import { currentView } from '../database/row.ts';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';

/** How many there are of one status that were created on one day (UTC). */
export interface DailyCount {
  readonly day: string;
  readonly status: __Aggregate__['status'];
  readonly count: number;
}

/** Counts by day and status. Exact, because the view has each one once, whatever was delivered twice. */
export function countByDay(connection: Connection): Promise<DailyCount[]> {
  return connection.select<DailyCount>(
    `select toDate(created_at) as day, status, count() as count
      from ${currentView} group by day, status order by day, status`,
  );
}
