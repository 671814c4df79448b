import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';
import type { QueryResult } from 'kysely';
import { DatabaseError } from '../store/index.ts';
import { databaseError } from './driver-error.ts';

/** A service has few statements; what makes up new ones all the time must not fill the memory. */
const mostPrepared = 200;

/**
 * A connection to the file. Each statement runs at once and blocks the event loop while it does; it waits
 * for no lock, which callers do without blocking.
 */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();

  /**
   * @param mayWrite otherwise what writes is refused, as `read-only`.
   * @throws DatabaseError
   */
  constructor(file: string, mayWrite: boolean) {
    this.#database = opened(file);
    try {
      this.#set(mayWrite);
    } catch (error) {
      this.#database.close();
      throw databaseError(error);
    }
  }

  /** Whether a transaction is open. After some errors, such as a full disk, SQLite has ended it by itself. */
  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** @throws DatabaseError */
  run<Row>(sql: string, parameters: readonly unknown[] = []): QueryResult<Row> {
    return attempt(() => this.#prepare(sql).run<Row>(parameters));
  }

  close(): void {
    this.#database.close();
  }

  /**
   * The write-ahead log lets others read while one writes. `synchronous = full`: what was committed is on
   * the disk, whatever happens to the machine; an event may have gone out because of it.
   */
  #set(mayWrite: boolean): void {
    const mode = this.#database.prepare('pragma journal_mode = wal').get()?.journal_mode;
    if (mode !== 'wal')
      throw new DatabaseError(
        'connection',
        'the file system of the database takes no write-ahead log; is it that of another machine?',
      );
    this.#database.exec('pragma synchronous = full');
    if (!mayWrite) this.#database.exec('pragma query_only = true');
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = new Prepared(this.#database.prepare(sql));
    if (this.#prepared.size < mostPrepared) this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** A statement, with what is known of its columns. */
class Prepared {
  readonly #statement: StatementSync;
  readonly #hasRows: boolean;
  /** SQLite has no type for times: columns that are declared `datetime` hold them as text of ISO 8601. */
  readonly #times: readonly string[];

  constructor(statement: StatementSync) {
    this.#statement = statement;
    const columns = statement.columns();
    this.#hasRows = columns.length > 0;
    this.#times = columns
      .filter(({ type }) => type?.toLowerCase() === 'datetime')
      .map(({ name }) => name);
  }

  run<Row>(parameters: readonly unknown[]): QueryResult<Row> {
    const values = parameters.map(toSqlite);
    if (this.#hasRows) {
      const found = this.#statement.all(...values);
      const rows = found.map((row) => this.#rowOf<Row>(row));
      return { rows, numAffectedRows: BigInt(rows.length) };
    }
    const { changes, lastInsertRowid } = this.#statement.run(...values);
    return {
      rows: [],
      numAffectedRows: BigInt(changes),
      insertId: BigInt(lastInsertRowid),
    };
  }

  /** What a row is, the types of tables say. */
  #rowOf<Row>(found: Record<string, SQLOutputValue>): Row {
    const row: Record<string, unknown> = { ...found };
    for (const name of this.#times)
      if (typeof row[name] === 'string') row[name] = new Date(row[name]);
    return asDeclared(row);
  }
}

function asDeclared<Row>(row: Record<string, unknown>): Row;
function asDeclared(row: Record<string, unknown>): unknown {
  return row;
}

function toSqlite(value: unknown): SQLInputValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError('a statement takes texts, numbers, booleans, times, bytes and null');
}

function opened(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true });
  } catch (error) {
    const { kind, message } = databaseError(error);
    throw new DatabaseError(kind, `${message}: ${file}`, error);
  }
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw databaseError(error);
  }
}
