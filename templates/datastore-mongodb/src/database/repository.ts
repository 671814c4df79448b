import type { Documents } from 'service-chassis/mongodb';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';

/** The collection that has a document for each __aggregate_words__. */
export const collection = '__service_snake__';

/** Which part of a list: at most so many, after that id. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Keeps aggregates in their collection; in a unit of work, as part of it. */
export class __Aggregate__Repository {
  readonly #documents: Documents<__Aggregate__>;

  constructor(documents: Documents<__Aggregate__>) {
    this.#documents = documents;
  }

  async insert(created: __Aggregate__): Promise<void> {
    await this.#documents.insert(created);
  }

  async find(id: string): Promise<__Aggregate__ | undefined> {
    const pending = this.#documents.pending(id);
    if (pending !== undefined) return pending.after;
    const document = await this.#documents.query((collection) =>
      collection.findOne({ _id: id }, { projection: { aggregate: 1 } }),
    );
    return document?.aggregate;
  }

  /**
   * A page in the order of creation, which is the order of ids, starting after the given one. It is
   * as stored: what the unit of work is about to change is not yet in it.
   */
  async list(page: PageRequest): Promise<__Aggregate__[]> {
    const { limit, after = '' } = page;
    // By the aggregate's id and not by `_id`: its index leads past documents without an aggregate.
    const found = await this.#documents.query((collection) =>
      collection
        .find({ 'aggregate.id': { $gt: after } }, { projection: { aggregate: 1 } })
        .sort({ 'aggregate.id': 1 })
        .limit(limit)
        .toArray(),
    );
    return found.flatMap(({ aggregate }) => aggregate ?? []);
  }

  /** @throws VersionConflictError unless the stored one is the version before. */
  async update(changed: __Aggregate__): Promise<void> {
    await this.#documents.update(changed);
  }

  /** @throws VersionConflictError unless the stored one is that version. */
  async delete(id: string, version: number): Promise<void> {
    await this.#documents.delete(id, version);
  }
}
