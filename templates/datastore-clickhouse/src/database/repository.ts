import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import type { Sink } from './changes.ts';
import type { Connection } from './connection.ts';
import { columns, fromRow, newestFirst, type Row, table } from './row.ts';
import { VersionConflictError } from './version-conflict.ts';

/** Which part of a list: at most so many, after that id. */
export interface PageRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

/** Keeps aggregates in their table; in a unit of work, changes are stored together at its end. */
export class Repository {
  readonly #connection: Connection;
  readonly #changes: Sink;

  constructor(connection: Connection, changes: Sink) {
    this.#connection = connection;
    this.#changes = changes;
  }

  async insert(created: __Aggregate__): Promise<void> {
    await this.#changes.add(created);
  }

  async find(id: string): Promise<__Aggregate__ | undefined> {
    const row = await this.#newest(id);
    return row === undefined || row.deleted ? undefined : fromRow(row);
  }

  /** A page in the order of creation, which is the order of ids, starting after the given one. */
  async list(page: PageRequest): Promise<__Aggregate__[]> {
    const rows = await this.#connection.select<Row>(
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
    if (await this.#wasChangedAlready(id)) return;
    const stored = await this.find(id);
    if (stored?.version !== version - 1) throw new VersionConflictError(id);
    await this.#changes.add(changed);
  }

  /** @throws VersionConflictError unless the stored one is that version. */
  async delete(id: string, version: number): Promise<void> {
    if (await this.#wasChangedAlready(id)) return;
    const stored = await this.find(id);
    if (stored?.version !== version) throw new VersionConflictError(id);
    await this.#changes.add({ ...stored, version: version + 1 }, true);
  }

  async #newest(id: string): Promise<Row | undefined> {
    const noted = this.#changes.newest(id);
    if (noted !== undefined) return noted;
    const [row] = await this.#connection.select<Row>(
      `select ${columns} from ${table} where id = {id:String} order by ${newestFirst} limit 1`,
      { id },
    );
    return row;
  }

  /** Whether an earlier delivery of the event that the work follows from changed the aggregate. */
  async #wasChangedAlready(id: string): Promise<boolean> {
    const { cause } = this.#changes;
    if (cause === '') return false;
    const found = await this.#connection.select(
      `select 1 from (
        select cause from ${table} where id = {id:String} and version > 1
        order by version, _block_number limit 1 by version
      ) where cause = {cause:String} limit 1`,
      { id, cause },
    );
    return found.length > 0;
  }
}
