import { VersionConflictError } from '../store/index.ts';
import type { Connection } from './connection.ts';
import type { MarkedRow } from './versioned-row.ts';

/** Rows that are to be added to one table. */
export interface NewRows {
  /** Its name, quoted where it has to be. */
  readonly table: string;
  readonly rows: readonly MarkedRow[];
}

/** Whether rows only begin aggregates, and so cannot run into a change by somebody else. */
export function onlyBegin({ rows }: NewRows): boolean {
  return rows.every(({ version }) => version === 1);
}

/**
 * Writes the rows of one unit of work in one insert. Of several that want to write the same version of
 * an aggregate one wins: ClickHouse keeps the first insert under a token, and should it have
 * forgotten the token, the row that came first counts.
 *
 * @throws VersionConflictError when another one came first. What else the work changed stays.
 */
export async function store(connection: Connection, added: NewRows): Promise<void> {
  const { table, rows } = added;
  const [first] = rows;
  const token = first && rows.length === 1 ? nameOf(first) : undefined;
  await connection.insert(table, rows, token);
  if (onlyBegin(added)) return;
  const stored = await connection.select<Pick<MarkedRow, 'id' | 'version' | 'writer'>>(
    `select id, version, writer from ${table} where id in {ids:Array(String)}
      order by id, version, _block_number limit 1 by id, version`,
    { ids: [...new Set(rows.map(({ id }) => id))] },
  );
  const writers = new Map(stored.map((row) => [nameOf(row), row.writer]));
  const lost = rows.find((row) => writers.get(nameOf(row)) !== row.writer);
  if (lost !== undefined) throw new VersionConflictError(lost.id);
}

function nameOf({ id, version }: Pick<MarkedRow, 'id' | 'version'>): string {
  return `${id}:${version}`;
}
