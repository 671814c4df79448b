import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { CannotStartError } from '../health/start.ts';
import type { DatabaseConfig } from './config.ts';
import { Connection } from './connection.ts';
import { createClaims, MigrationClaim } from './migration-claim.ts';
import { createHistory, type Migration, noteApplied, pendingIn } from './migration-history.ts';

const folder = path.join(import.meta.dirname, 'migrations');
const hourMs = 3_600_000;
const leaseMs = 30_000;
const lookAgainMs = 100;

/**
 * Applies the migrations that are new, in the order of their names. ClickHouse has neither a lock nor
 * a transaction for this: instances that start together claim each migration, one gets it and the
 * others wait. An instance that dies half way leaves its migration to another, which runs all its
 * statements again; so each must be one that may come twice (`if not exists`). It connects by itself,
 * since a statement may take an hour.
 *
 * @returns the names of those applied now.
 * @throws CannotStartError when the database has another history than the code.
 */
export async function migrate(config: DatabaseConfig): Promise<readonly string[]> {
  const connection = new Connection({ ...config, statementTimeout: hourMs }, () => undefined);
  try {
    await createHistory(connection);
    await createClaims(connection);
    const known = await readMigrations();
    const applied: string[] = [];
    for (const migration of known) {
      if (await applyOnce(connection, known, migration)) applied.push(migration.name);
    }
    return applied;
  } finally {
    await connection.close();
  }
}

/** @throws CannotStartError unless exactly the code's migrations are applied. */
export async function checkSchema(connection: Connection): Promise<void> {
  const pending = await pendingIn(connection, await readMigrations());
  if (pending.length === 0) return;
  const names = pending.map(({ name }) => name).join(', ');
  throw new CannotStartError(
    `The database is behind the code; run the script migrate for ${names}.`,
  );
}

/** Resolves when it is applied. @returns whether that was done here. */
async function applyOnce(
  connection: Connection,
  known: readonly Migration[],
  migration: Migration,
): Promise<boolean> {
  const claim = new MigrationClaim(connection, migration.name, leaseMs);
  const isPending = async () => (await pendingIn(connection, known)).includes(migration);
  while (await isPending()) {
    if (!(await claim.take())) {
      await delay(lookAgainMs);
      continue;
    }
    return claim.hold(async (ensureHeld) => {
      // Another instance may have finished it between our last look and the claim.
      if (!(await isPending())) return false;
      await migration.up(async (statement) => {
        ensureHeld();
        await connection.command(statement);
      });
      ensureHeld();
      await noteApplied(connection, migration);
      return true;
    });
  }
  return false;
}

async function readMigrations(): Promise<readonly Migration[]> {
  const files = (await fs.readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  return Promise.all(
    files.map(async (file) => {
      const where = path.join(folder, file);
      // A checkout may turn line ends into those of the system.
      const text = (await fs.readFile(where, 'utf8')).replaceAll('\r\n', '\n');
      const { up }: Pick<Migration, 'up'> = await import(pathToFileURL(where).href);
      const checksum = createHash('sha256').update(text).digest('hex');
      return { name: path.basename(file, '.ts'), checksum, up };
    }),
  );
}
