import type { Order } from '../domain/order.ts';
import type { AnswerTables } from 'service-chassis/relational';

/** The tables as Kysely sees them; those of the chassis keep the answers of requests with a key. */
export interface Tables extends AnswerTables {
  orders: AggregateTable;
}

/** A row of the aggregate's table. */
export interface AggregateTable {
  id: string;
  reference: string;
  status: Order['status'];
  version: number;
  created_at: Date;
  updated_at: Date;
}
