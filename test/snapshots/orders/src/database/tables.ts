import type { Order } from '../domain/order.ts';

/** The tables as Kysely sees them; a part adds its own by declaration merging. */
export interface Tables {
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
