import type { Rows } from 'service-chassis/clickhouse';
import { VersionConflictError } from 'service-chassis/store';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import { columns, fromRow, newestFirst, type Row, table, toRow } from './row.ts';

/** Which part of a list: at most so many, after that id. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Keeps aggregates in their table; in a unit of work, changes are stored together at its end. */
export class __Aggregate__Repository {
  readonly #rows: Rows<Row>;

  constructor(rows: Rows<Row>) {
    this.#rows = rows;
  }

  async insert(created: __Aggregate__): Promise<void> {
    await this.#rows.add(toRow(created));
  }

  async find(id: string): Promise<__Aggregate__ | undefined> {
    const row = this.#rows.added(id) ?? (await this.#newest(id));
    return row === undefined || row.deleted ? undefined : fromRow(row);
  }

  /** A page in the order of creation, which is the order of ids, starting after the given one. */
  async list(page: PageRequest): Promise<__Aggregate__[]> {
    const rows = await this.#rows.connection.select<Row>(
      `select * from (
        select ${columns} from ${table} where id > {after:String}
        order by id, ${newestFirst} limit 1 by id
      ) where not deleted order by id limit {limit:UInt32}`,
      { after: page.after ?? '', limit: page.limit },
    );
    return rows.map(fromRow);
  }

  /** @throws VersionConflictError unless the stored one is the version before. */
  async update(changed: __Aggregate__): Promise<void> {
    const { id, version } = changed;
    if (await this.#rows.wasChangedAlready(id)) return;
    const stored = await this.find(id);
    if (stored?.version !== version - 1) throw new VersionConflictError(id);
    await this.#rows.add(toRow(changed));
  }

  /** @throws VersionConflictError unless the stored one is that version. */
  async delete(id: string, version: number): Promise<void> {
    if (await this.#rows.wasChangedAlready(id)) return;
    const stored = await this.find(id);
    if (stored?.version !== version) throw new VersionConflictError(id);
    await this.#rows.add(toRow({ ...stored, version: version + 1 }, true));
  }

  async #newest(id: string): Promise<Row | undefined> {
    const [row] = await this.#rows.connection.select<Row>(
      `select ${columns} from ${table} where id = {id:String} order by ${newestFirst} limit 1`,
      { id },
    );
    return row;
  }
}
