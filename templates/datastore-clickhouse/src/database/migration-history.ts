import { CannotStartError } from '../health/start.ts';
import type { Connection } from './connection.ts';

/** A file of `migrations/`. */
export interface Migration {
  /** The file's name without its extension; migrations are applied in the order of names. */
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
  /** @param run one statement, which must be one that may come twice. */
  readonly up: (run: (statement: string) => Promise<void>) => Promise<void>;
}

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

/**
 * Those that are not applied yet.
 *
 * @throws CannotStartError unless what was applied are the first of the files, unchanged.
 */
export async function pendingIn(
  connection: Connection,
  known: readonly Migration[],
): Promise<readonly Migration[]> {
  const [found] = await connection.select<{ result: number }>(`exists table ${table}`);
  if (found?.result !== 1) return known;
  const applied = await connection.select<{ name: string; checksum: string }>(
    `select name, any(checksum) as checksum from ${table} group by name order by name`,
  );
  for (const [index, { name, checksum }] of applied.entries()) {
    const migration = known.find((one) => one.name === name);
    if (migration === undefined)
      throw new CannotStartError(`The database is ahead of the code: it has had ${name}.`);
    if (migration.checksum !== checksum)
      throw new CannotStartError(`The migration ${name} was edited after it had been applied.`);
    if (known[index] !== migration)
      throw new CannotStartError(`The migration ${known[index]?.name} would come before ${name}.`);
  }
  return known.slice(applied.length);
}
