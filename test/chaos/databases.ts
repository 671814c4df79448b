import { createConnection, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';

export type Row = Readonly<Record<string, unknown>>;

/** A connection as the server's administrator. */
export interface Session {
  query(sql: string): Promise<readonly Row[]>;
  end(): Promise<void>;
}

/** What the harness does to a datastore, and asks of it, in its own language. */
export interface Dialect {
  /** @param database of the service of that name; its tables are those of the service. */
  open(port: number, database: string): Promise<Session>;
  /** Columns that number the rows of a table in the order in which they were written, and say when. */
  numberRows(table: string): string;
  quoted(table: string): string;
  /** Nobody else reads or writes the table until `unlock`. */
  lock(session: Session, table: string): Promise<void>;
  unlock(session: Session): Promise<void>;
  /** Builds an index on the column, which holds up all writers, until the returned function ends it. */
  buildIndex(
    open: () => Promise<Session>,
    table: string,
    column: string,
  ): Promise<() => Promise<void>>;
  /** How many statements of services wait for a lock at this moment. */
  waiting(session: Session): Promise<number>;
  /** Ends all connections of services that run a transaction, and returns how many. */
  endSessions(session: Session): Promise<number>;
  /** Refuses all writes of services, or takes them again. */
  setReadOnly(session: Session, readOnly: boolean): Promise<void>;
}

const postgres: Dialect = {
  async open(port, database) {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port, database, user: 'postgres', password: 'postgres' },
      options: '-c default_transaction_read_only=off',
    });
    client.on('error', () => undefined);
    await client.connect();
    return {
      query: async (sql) => (await client.query<Row>(sql)).rows,
      end: () => client.end(),
    };
  },
  numberRows: (table) =>
    `alter table "${table}" add column written bigserial,
       add column written_at timestamptz not null default clock_timestamp()`,
  quoted: (table) => `"${table}"`,
  async lock(session, table) {
    await session.query('begin');
    await session.query(`lock table "${table}" in access exclusive mode`);
  },
  async unlock(session) {
    await session.query('rollback');
  },
  async buildIndex(open, table, column) {
    const session = await open();
    await session.query('begin');
    await session.query(`create index on "${table}" ("${column}")`);
    return async () => {
      await session.query('rollback');
      await session.end();
    };
  },
  async waiting(session) {
    const [row] = await session.query(
      `select count(distinct pid) as waiting from pg_locks where not granted`,
    );
    return Number(row?.waiting);
  },
  async endSessions(session) {
    const [row] = await session.query(
      `select count(pg_terminate_backend(pid)) as ended from pg_stat_activity
       where usename <> 'postgres' and xact_start is not null`,
    );
    return Number(row?.ended);
  },
  async setReadOnly(session, readOnly) {
    await session.query(`alter system set default_transaction_read_only = ${readOnly}`);
    await session.query('select pg_reload_conf()');
  },
};

const mysql: Dialect = {
  async open(port, database) {
    const connection = await createConnection({
      ...{ host: '127.0.0.1', port, database, user: 'root' },
    });
    connection.on('error', () => undefined);
    return {
      async query(sql) {
        const [rows] = await connection.query<RowDataPacket[]>(sql);
        return Array.isArray(rows) ? rows : [];
      },
      end: () => connection.end(),
    };
  },
  numberRows: (table) =>
    `alter table \`${table}\` add column written bigint not null auto_increment unique,
       add column written_at datetime(3) not null default current_timestamp(3)`,
  quoted: (table) => `\`${table}\``,
  async lock(session, table) {
    await session.query(`lock tables \`${table}\` write`);
  },
  async unlock(session) {
    await session.query('unlock tables');
  },
  /** An index waits for a transaction that is open, and all who come later wait for the index. */
  async buildIndex(open, table, column) {
    const [reader, builder] = [await open(), await open()];
    await reader.query('begin');
    await reader.query(`select * from \`${table}\` limit 1`);
    const built = builder.query(`alter table \`${table}\` add index chaos_index (\`${column}\`)`);
    return async () => {
      await reader.query('rollback');
      await built;
      await builder.query(`alter table \`${table}\` drop index chaos_index`);
      await Promise.all([reader.end(), builder.end()]);
    };
  },
  async waiting(session) {
    const [row] = await session.query(
      `select count(*) as waiting from information_schema.processlist
       where state like 'Waiting for%' and user <> 'root' and info is not null`,
    );
    return Number(row?.waiting);
  },
  async endSessions(session) {
    const rows = await session.query(
      `select trx_mysql_thread_id as id from information_schema.innodb_trx`,
    );
    let ended = 0;
    for (const { id } of rows)
      ended += await session.query(`kill ${Number(id)}`).then(
        () => 1,
        () => 0,
      );
    return ended;
  },
  async setReadOnly(session, readOnly) {
    await session.query(`set global read_only = ${readOnly ? 1 : 0}`);
  },
};

export const dialects: Readonly<Record<string, Dialect>> = { postgres, mysql };
