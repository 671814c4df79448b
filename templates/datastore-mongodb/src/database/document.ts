import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';

/**
 * A document of the aggregate's collection. The aggregate is a part of it, whole and as the domain
 * knows it, so that what else the service has to keep can lie beside it and change in the same
 * write: a write to one document is atomic on every MongoDB, with or without a replica set.
 */
export interface AggregateDocument {
  /** The aggregate's id. */
  readonly _id: string;
  readonly aggregate?: __Aggregate__;
}

/** What one unit of work makes of one aggregate. */
export interface Change {
  readonly id: string;
  /** The version that has to be stored for the change to be written; none for one that is new. */
  readonly before: number | undefined;
  /** What it becomes; nothing for one that is deleted. */
  readonly after: __Aggregate__ | undefined;
}
