import type { Generated } from 'kysely';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';

/** Which migrations were applied. */
export const historyTable = 'schema_history';

/** The tables as Kysely sees them; a part adds its own by declaration merging. */
export interface Tables {
  __service_snake__: AggregateTable;
  schema_history: { name: string; checksum: string; applied_at: Generated<Date> };
}

/** A row of the aggregate's table. */
export interface AggregateTable {
  id: string;
  reference: string;
  status: __Aggregate__['status'];
  version: number;
  created_at: Date;
  updated_at: Date;
}
