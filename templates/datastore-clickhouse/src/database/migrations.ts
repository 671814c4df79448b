import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { requireNonePending, type SchemaState } from './compare-history.ts';
import type { DatabaseConfig } from './config.ts';
import { Connection } from './connection.ts';
import { createClaims, MigrationClaim } from './migration-claim.ts';
import { createHistory, differenceIn, type Migration, noteApplied } from './migration-history.ts';

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
 * @throws CannotStartError when the database has another history than the code.
 */
export async function migrate(config: DatabaseConfig): Promise<SchemaState> {
  const connection = new Connection({ ...config, statementTimeout: hourMs }, () => undefined);
  try {
    await createHistory(connection);
    await createClaims(connection);
    const known = await readMigrations();
    const { ahead } = await differenceIn(connection, known);
    const applied: string[] = [];
    for (const migration of known) {
      if (await applyOnce(connection, known, migration)) applied.push(migration.name);
    }
    return { applied, ahead };
  } finally {
    await connection.close();
  }
}

/** @throws CannotStartError unless all of the code's migrations are applied. */
export async function checkSchema(connection: Connection): Promise<SchemaState> {
  const { pending, ahead } = await differenceIn(connection, await readMigrations());
  requireNonePending(pending);
  return { applied: [], ahead };
}

/** Resolves when it is applied. @returns whether that was done here. */
async function applyOnce(
  connection: Connection,
  known: readonly Migration[],
  migration: Migration,
): Promise<boolean> {
  const claim = new MigrationClaim(connection, migration.name, leaseMs);
  const isPending = async () => (await differenceIn(connection, known)).pending.includes(migration);
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
