import { randomUUID } from 'node:crypto';
import { UnitOfWorkGate } from '../store/index.ts';
import type { Connection } from './connection.ts';
import { type NewRows, store } from './store.ts';
import type { Marks, VersionedRow } from './versioned-row.ts';

/** One table as a repository reads it and adds to it. */
export interface Rows<Row extends VersionedRow> {
  readonly connection: Connection;
  /** Adds a row: at the end of the unit of work, or at once outside of one. */
  add(row: Row): Promise<void>;
  /** The latest that was added of an aggregate and is not stored yet. */
  added(id: string): Row | undefined;
  /**
   * Whether an earlier delivery of the event that the work follows from changed the aggregate: then its
   * change has been made, and is not made again. Always false for work that follows from no event.
   */
  wasChangedAlready(id: string): Promise<boolean>;
}

/** Makes the rows of one table; what a repository is made from. */
export interface Source {
  /** @param table its name, quoted where it has to be. */
  rows<Row extends VersionedRow>(table: string): Rows<Row>;
}

/** What one unit of work wants to have stored, and done after that; nothing is written before its end. */
export class Changes implements Source {
  /** What the work follows from: the same when it is done again; empty where that cannot happen. */
  readonly cause: string;
  /** Closed when the work is over. */
  readonly gate = new UnitOfWorkGate();
  readonly afterwards: (() => Promise<void>)[] = [];
  readonly #connection: Connection;
  readonly #tables: NewRows[] = [];

  constructor(connection: Connection, cause = '') {
    this.#connection = connection;
    this.cause = cause;
  }

  rows<Row extends VersionedRow>(table: string): Rows<Row> {
    const rows = new GatheredRows<Row>(this.#connection, table, this);
    this.#tables.push(rows);
    return rows;
  }

  /** The rows of each table that has new ones. */
  get added(): readonly NewRows[] {
    return this.#tables.filter(({ rows }) => rows.length > 0);
  }
}

/** The rows that a unit of work adds to one table. */
class GatheredRows<Row extends VersionedRow> implements Rows<Row>, NewRows {
  readonly connection: Connection;
  readonly table: string;
  readonly rows: (Row & Marks)[] = [];
  readonly #work: Pick<Changes, 'cause' | 'gate'>;
  readonly #writer = randomUUID();

  constructor(connection: Connection, table: string, work: Pick<Changes, 'cause' | 'gate'>) {
    this.connection = connection;
    this.table = table;
    this.#work = work;
  }

  /** @throws UnitOfWorkClosedError once the work is over. */
  async add(row: Row): Promise<void> {
    this.#work.gate.requireOpen();
    this.rows.push({ ...row, writer: this.#writer, cause: this.#work.cause });
  }

  added(id: string): Row | undefined {
    return this.rows.findLast((row) => row.id === id);
  }

  async wasChangedAlready(id: string): Promise<boolean> {
    const { cause } = this.#work;
    if (cause === '') return false;
    const found = await this.connection.select(
      `select 1 from (
        select cause from ${this.table} where id = {id:String} and version > 1
        order by version, _block_number limit 1 by version
      ) where cause = {cause:String} limit 1`,
      { id, cause },
    );
    return found.length > 0;
  }
}

/** Outside a unit of work: each row is stored when it is added. */
export function immediately(connection: Connection): Source {
  return {
    rows: (table) => ({
      connection,
      add: (row) =>
        store(connection, { table, rows: [{ ...row, writer: randomUUID(), cause: '' }] }),
      added: () => undefined,
      wasChangedAlready: async () => false,
    }),
  };
}
