import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import type { Database } from './database.ts';
import type { Change } from './document.ts';
import { VersionConflictError } from './version-conflict.ts';

/** Which part of a list: at most so many, after that id. */
export interface PageRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

/** Where a repository's changes go: to the database at once, or into a unit of work. */
export interface Changes {
  /** What was done to that one and is not yet written. */
  pending(id: string): Change | undefined;
  add(change: Change): Promise<void>;
}

/** Keeps aggregates in their collection; in a unit of work, as part of it. */
export class Repository {
  readonly #collection: Database['aggregates'];
  readonly #changes: Changes;

  constructor(collection: Database['aggregates'], changes: Changes) {
    this.#collection = collection;
    this.#changes = changes;
  }

  async insert(created: __Aggregate__): Promise<void> {
    const { id } = created;
    const pending = this.#changes.pending(id);
    if (pending?.after !== undefined) throw new Error(`${id} is there already.`);
    await this.#changes.add({ id, before: pending?.before, after: created });
  }

  async find(id: string): Promise<__Aggregate__ | undefined> {
    const pending = this.#changes.pending(id);
    if (pending !== undefined) return pending.after;
    const document = await this.#collection.findOne({ _id: id }, { projection: { aggregate: 1 } });
    return document?.aggregate;
  }

  /**
   * A page in the order of creation, which is the order of ids, starting after the given one. It is
   * as stored: what the unit of work is about to change is not yet in it.
   */
  async list(page: PageRequest): Promise<__Aggregate__[]> {
    const { limit, after = '' } = page;
    // By the aggregate's id and not by `_id`: its index leads past documents without an aggregate.
    const found = await this.#collection
      .find({ 'aggregate.id': { $gt: after } }, { projection: { aggregate: 1 } })
      .sort({ 'aggregate.id': 1 })
      .limit(limit)
      .toArray();
    return found.flatMap(({ aggregate }) => aggregate ?? []);
  }

  /** @throws VersionConflictError unless the stored one is the version before. */
  async update(changed: __Aggregate__): Promise<void> {
    const { id, version } = changed;
    await this.#changes.add({ id, before: this.#before(id, version - 1), after: changed });
  }

  /** @throws VersionConflictError unless the stored one is that version. */
  async delete(id: string, version: number): Promise<void> {
    await this.#changes.add({ id, before: this.#before(id, version), after: undefined });
  }

  /** Which version must be stored for a change to the given one; a pending change goes first. */
  #before(id: string, version: number): number | undefined {
    const pending = this.#changes.pending(id);
    if (pending === undefined) return version;
    if (pending.after?.version !== version) throw new VersionConflictError(id);
    return pending.before;
  }
}
