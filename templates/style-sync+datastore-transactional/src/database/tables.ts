import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import type { AnswerTables } from 'service-chassis/relational';

/** The tables as Kysely sees them; those of the chassis keep the answers of requests with a key. */
export interface Tables extends AnswerTables {
  __service_snake__: AggregateTable;
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
