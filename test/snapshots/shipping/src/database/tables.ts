import type { Shipping } from '../domain/shipping.ts';

/** The tables as Kysely sees them; a part adds its own by declaration merging. */
export interface Tables {
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
