import { setTimeout as delay } from 'node:timers/promises';
import { readMigrations, requireNonePending, type SchemaState } from '../store/index.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { createClaims, MigrationClaim } from './migration-claim.ts';
import {
  createHistory,
  differenceIn,
  type Migration,
  noteApplied,
  type Run,
} from './migration-history.ts';

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
 * @param folder of the migrations.
 * @throws CannotStartError when the database has another history than the code.
 */
export async function migrate(
  { service, config }: Pick<ConnectionOptions, 'service' | 'config'>,
  folder: string | URL,
): Promise<SchemaState> {
  const connection = new Connection({
    service,
    config: { ...config, statementTimeout: hourMs },
  });
  try {
    await createHistory(connection);
    await createClaims(connection);
    const known = await readMigrations<Run>(folder);
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
export async function checkSchema(
  connection: Connection,
  folder: string | URL,
): Promise<SchemaState> {
  const known = await readMigrations<Run>(folder);
  const { pending, ahead } = await differenceIn(connection, known);
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
