import type { Collection } from 'mongodb';
import { VersionConflictError } from '../store/index.ts';
import type { AggregateDocument, Change, VersionedAggregate } from './document.ts';
import { withDatabaseErrors } from './driver-error.ts';

/** Where changes go: to the database at once, or into a unit of work. */
export interface ChangeSink<Aggregate> {
  /** What was done to the aggregate and is not yet written. */
  pending(id: string): Change<Aggregate> | undefined;
  add(change: Change<Aggregate>): Promise<void>;
}

/** The aggregates of one collection, as a repository reads and changes them. */
export class Documents<Aggregate extends VersionedAggregate> {
  readonly #collection: Collection<AggregateDocument<Aggregate>>;
  readonly #changes: ChangeSink<Aggregate>;

  constructor(
    collection: Collection<AggregateDocument<Aggregate>>,
    changes: ChangeSink<Aggregate>,
  ) {
    this.#collection = collection;
    this.#changes = changes;
  }

  /** What the unit of work has made of an aggregate; nothing when it has not changed it. */
  pending(id: string): Change<Aggregate> | undefined {
    return this.#changes.pending(id);
  }

  /**
   * Asks the collection for what is stored: what the unit of work is about to change is not yet in it.
   *
   * @throws DatabaseError for what the driver throws.
   */
  query<T>(ask: (collection: Collection<AggregateDocument<Aggregate>>) => Promise<T>): Promise<T> {
    return withDatabaseErrors(() => ask(this.#collection));
  }

  async insert(created: Aggregate): Promise<void> {
    const { id } = created;
    const pending = this.pending(id);
    if (pending?.after !== undefined) throw new Error(`${id} is there already.`);
    await this.#changes.add({ id, before: pending?.before, after: created });
  }

  /** @throws VersionConflictError unless the stored one is the version before. */
  async update(changed: Aggregate): Promise<void> {
    const { id, version } = changed;
    await this.#changes.add({ id, before: this.#before(id, version - 1), after: changed });
  }

  /** @throws VersionConflictError unless the stored one is that version. */
  async delete(id: string, version: number): Promise<void> {
    await this.#changes.add({ id, before: this.#before(id, version), after: undefined });
  }

  /** Which version must be stored for a change to the given one; a pending change goes first. */
  #before(id: string, version: number): number | undefined {
    const pending = this.pending(id);
    if (pending === undefined) return version;
    if (pending.after?.version !== version) throw new VersionConflictError(id);
    return pending.before;
  }
}
