import {
  compareHistory,
  type Difference,
  type NamedMigration,
  type Migration as StoreMigration,
} from '../store/index.ts';
import type { Connection } from './connection.ts';

/** Runs one statement of a migration, which must be one that may come twice. */
export type Run = (statement: string) => Promise<void>;

export type Migration = StoreMigration<Run>;

const table = 'schema_history';

export function createHistory(connection: Connection): Promise<void> {
  return connection.command(`create table if not exists ${table} (
    name String, checksum String, applied_at DateTime64(3, 'UTC') default now64(3)
  ) engine = MergeTree order by name settings fsync_after_insert = 1, fsync_part_directory = 1`);
}

export function noteApplied(connection: Connection, migration: Migration): Promise<void> {
  const { name, checksum } = migration;
  return connection.insert(table, [{ name, checksum }]);
}

/** Compares the code's migrations with those that were applied; see `compareHistory`. */
export async function differenceIn(
  connection: Connection,
  known: readonly Migration[],
): Promise<Difference<Migration>> {
  const [found] = await connection.select<{ result: number }>(`exists table ${table}`);
  if (found?.result !== 1) return compareHistory(known, []);
  const applied = await connection.select<NamedMigration>(
    `select name, any(checksum) as checksum from ${table} group by name order by name`,
  );
  return compareHistory(known, applied);
}
