import type { VersionedRow } from 'service-chassis/clickhouse';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';

/** Quoted, since a capability may be called as a word of SQL. */
export const table = '"__service_snake__"';

/** A view of `table` that has each aggregate once, as it is now. */
export const currentView = '"__service_snake___current"';

/** One version of an aggregate as it is stored: rows are added and never changed. */
export interface Row extends VersionedRow {
  readonly reference: string;
  readonly status: __Aggregate__['status'];
  readonly created_at: string;
  readonly updated_at: string;
}

/** The columns that say what an aggregate is, and in which order the rows of one version came. */
export const columns = 'id, version, reference, status, created_at, updated_at, deleted';

/**
 * The order in which the row that counts comes first: of the newest version, the one that was written
 * first. `_block_number` grows by one with every insert into the table.
 */
export const newestFirst = 'version desc, _block_number';

export function toRow(__aggregate__: __Aggregate__, deleted = false): Row {
  const { createdAt, updatedAt, ...same } = __aggregate__;
  const times = { created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
  return { ...same, ...times, deleted };
}

export function fromRow(row: Row): __Aggregate__ {
  const { id, version, reference, status } = row;
  const [createdAt, updatedAt] = [new Date(row.created_at), new Date(row.updated_at)];
  return { id, version, reference, status, createdAt, updatedAt };
}
