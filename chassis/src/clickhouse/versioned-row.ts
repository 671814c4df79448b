/**
 * What a row of a table has beside its own columns. Rows are added and never changed: what an aggregate
 * is now, is its row of the newest version; of two rows for one version the first counts.
 *
 * The table needs two more columns of text, `writer` and `cause`, which are filled in here (`Marks`), and
 * the settings `enable_block_number_column` and `non_replicated_deduplication_window`.
 */
export interface VersionedRow {
  /** The aggregate's. */
  readonly id: string;
  /** 1 for a new aggregate; each change adds a row with the next. */
  readonly version: number;
  /** Whether the aggregate ends with this version. */
  readonly deleted: boolean;
}

/** What says where a row comes from. */
export interface Marks {
  /** Names the attempt that wrote the row, so that one of several can tell whether it came first. */
  readonly writer: string;
  /** The event that the row follows from, or nothing. */
  readonly cause: string;
}

/** A row as it is stored. */
export type MarkedRow = VersionedRow & Marks;
