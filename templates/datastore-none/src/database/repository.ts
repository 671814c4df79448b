import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';

/** Which part of a list: at most so many, after that id. */
export interface PageRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

/** Keeps aggregates in memory, for as long as the process lives. */
export class Repository {
  readonly #kept = new Map<string, __Aggregate__>();

  async insert(created: __Aggregate__): Promise<void> {
    this.#kept.set(created.id, created);
  }

  async find(id: string): Promise<__Aggregate__ | undefined> {
    return this.#kept.get(id);
  }

  /** A page in the order of creation, which is the order of ids, starting after the given one. */
  async list(page: PageRequest): Promise<__Aggregate__[]> {
    const all = [...this.#kept.values()];
    const start = page.after === undefined ? 0 : all.findIndex(({ id }) => id === page.after) + 1;
    return all.slice(start, start + page.limit);
  }
}
