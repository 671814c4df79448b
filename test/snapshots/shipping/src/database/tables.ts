import type { Shipping } from '../domain/shipping.ts';
import type { AnswerTables, EventTables } from 'service-chassis/relational';

/** The tables as Kysely sees them; those of the chassis are the outbox, the inbox and the answers of requests with a key. */
export interface Tables extends AnswerTables, EventTables {
  shipping: AggregateTable;
}

/** A row of the aggregate's table. */
export interface AggregateTable {
  id: string;
  reference: string;
  status: Shipping['status'];
  version: number;
  created_at: Date;
  updated_at: Date;
}
