/** What every aggregate has that is kept here. */
export interface VersionedAggregate {
  readonly id: string;
  /** 1 for a new aggregate; grows by one with every change. */
  readonly version: number;
}

/**
 * A document of the aggregates' collection. The aggregate is a part of it, whole and as the domain
 * knows it, so that what else the service has to keep can lie beside it and change in the same
 * write: a write to one document is atomic on every MongoDB, with or without a replica set.
 */
export interface AggregateDocument<Aggregate> {
  /** The aggregate's id. */
  readonly _id: string;
  readonly aggregate?: Aggregate;
}

/** The same with what lies beside the aggregate. */
export interface StoredDocument extends AggregateDocument<VersionedAggregate> {
  /** Events that are not yet published, as text and in their order, and since when there are any. */
  readonly outbox?: { readonly since: Date; readonly events: readonly string[] };
  /** The events whose handling changed the document, and when, in the same order. */
  readonly inbox?: { readonly events: readonly string[]; readonly handledAt: readonly Date[] };
}

/** What one unit of work makes of one aggregate. */
export interface Change<Aggregate> {
  readonly id: string;
  /** The version that has to be stored for the change to be written; none for one that is new. */
  readonly before: number | undefined;
  /** What it becomes; nothing for one that is deleted. */
  readonly after: Aggregate | undefined;
}
