import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Connection } from './connection.ts';
import { createClaims, MigrationClaim } from './migration-claim.ts';
import {
  type AppliedMigration,
  checkHistory,
  type Migration,
  MigrationError,
} from './migration-history.ts';

const folder = path.join(import.meta.dirname, 'migrations');

const createHistory = `create table if not exists _migrations (
    name String, checksum String, applied_at DateTime64(3, 'UTC') default now64(3)
  ) engine = MergeTree order by name settings fsync_after_insert = 1, fsync_part_directory = 1`;

/**
 * Applies the migrations that are new, in the order of their names. ClickHouse has neither a lock nor
 * a transaction for this: instances that start together claim each migration, one gets it and the
 * others wait. An instance that dies half way leaves its migration to the next, which runs all its
 * statements again; so each statement must be one that may come twice (`if not exists`).
 *
 * @param statementTimeout milliseconds that one statement may take.
 * @returns the names of those applied now. @throws MigrationError when files and history differ.
 */
export async function migrate(
  connection: Connection,
  statementTimeout: number,
): Promise<readonly string[]> {
  const migrations = await readMigrations();
  await connection.command(createHistory);
  await createClaims(connection);
  const applied: string[] = [];
  for (const migration of migrations) {
    const claim = new MigrationClaim(connection, migration.name, statementTimeout);
    while (!(await isApplied(connection, migrations, migration))) {
      if (!(await claim.take())) await delay(100);
      else if (await applyClaimed(connection, migrations, migration, claim))
        applied.push(migration.name);
    }
  }
  return applied;
}

/** @throws MigrationError unless exactly the files of this version are applied. */
export async function checkSchema(connection: Connection): Promise<void> {
  const migrations = await readMigrations();
  const history = await historyOf(connection);
  checkHistory(history, migrations);
  const pending = migrations.slice(history.length).map(({ name }) => name);
  if (pending.length > 0)
    throw new MigrationError(
      `The database is behind: run the script migrate for ${pending.join(', ')}.`,
    );
}

async function historyOf(connection: Connection): Promise<readonly AppliedMigration[]> {
  const [table] = await connection.select<{ result: number }>('exists table _migrations');
  if (table?.result !== 1) return [];
  return connection.select('select name, checksum from _migrations order by name');
}

async function isApplied(
  connection: Connection,
  migrations: readonly Migration[],
  { name }: Migration,
): Promise<boolean> {
  const history = await historyOf(connection);
  checkHistory(history, migrations);
  return history.some((applied) => applied.name === name);
}

async function applyClaimed(
  connection: Connection,
  migrations: readonly Migration[],
  migration: Migration,
  claim: MigrationClaim,
): Promise<boolean> {
  try {
    // Another instance may have finished it between our last look and the claim.
    if (await isApplied(connection, migrations, migration)) return false;
    for (const statement of migration.statements) {
      await claim.renew();
      await connection.command(statement);
    }
    const { name, checksum } = migration;
    await connection.insert('_migrations', [{ name, checksum }]);
    return true;
  } catch (error) {
    await claim.release().catch(() => undefined);
    throw error;
  }
}

async function readMigrations(): Promise<readonly Migration[]> {
  const files = (await fs.readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  return Promise.all(
    files.map(async (file) => {
      const module: { statements: readonly string[] } = await import(
        pathToFileURL(path.join(folder, file)).href
      );
      const { statements } = module;
      const checksum = createHash('sha256').update(JSON.stringify(statements)).digest('hex');
      return { name: path.basename(file, '.ts'), statements, checksum };
    }),
  );
}
