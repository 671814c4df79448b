import type { Kysely } from 'kysely';
import { VersionConflictError } from 'service-chassis/store';
import type { Shipping } from '../domain/shipping.ts';
import type { AggregateTable, Tables } from './tables.ts';

const table = 'shipping';
/** Named, so that a column which a newer version of the service adds changes nothing for this one. */
const columns = ['id', 'reference', 'status', 'version', 'created_at', 'updated_at'] as const;

/** Which part of a list: at most so many, after that id. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Keeps aggregates in their table; on a transaction, as part of it. */
export class ShippingRepository {
  readonly #executor: Kysely<Tables>;

  constructor(executor: Kysely<Tables>) {
    this.#executor = executor;
  }

  async insert(created: Shipping): Promise<void> {
    const { createdAt, updatedAt, ...same } = created;
    const row = { ...same, created_at: createdAt, updated_at: updatedAt };
    await this.#executor.insertInto(table).values(row).execute();
  }

  async find(id: string): Promise<Shipping | undefined> {
    const query = this.#executor.selectFrom(table).select(columns).where('id', '=', id);
    const row = await query.executeTakeFirst();
    return row === undefined ? undefined : fromRow(row);
  }

  /** A page in the order of creation, which is the order of ids, starting after the given one. */
  async list(page: PageRequest): Promise<Shipping[]> {
    let query = this.#executor.selectFrom(table).select(columns).orderBy('id').limit(page.limit);
    if (page.after !== undefined) query = query.where('id', '>', page.after);
    return (await query.execute()).map(fromRow);
  }

  /** @throws VersionConflictError unless the stored one is the version before. */
  async update(changed: Shipping): Promise<void> {
    const { id, reference, status, version, updatedAt } = changed;
    const { numUpdatedRows } = await this.#executor
      .updateTable(table)
      .set({ reference, status, version, updated_at: updatedAt })
      .where('id', '=', id)
      .where('version', '=', version - 1)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new VersionConflictError(id);
  }

  /** @throws VersionConflictError unless the stored one is that version. */
  async delete(id: string, version: number): Promise<void> {
    const { numDeletedRows } = await this.#executor
      .deleteFrom(table)
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    if (numDeletedRows !== 1n) throw new VersionConflictError(id);
  }
}

function fromRow(row: AggregateTable): Shipping {
  const { created_at, updated_at, ...same } = row;
  return { ...same, createdAt: created_at, updatedAt: updated_at };
}
