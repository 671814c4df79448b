import { setTimeout as delay } from 'node:timers/promises';
import type { Collection, Db } from 'mongodb';
import {
  compareHistory,
  type Difference,
  type Migration,
  readMigrations,
  requireNonePending,
  type SchemaState,
} from '../store/index.ts';
import type { ClientOptions } from './client.ts';
import { Connection } from './connection.ts';

/** A migration that was applied, as the collection `schema_history` remembers it. */
interface AppliedMigration {
  readonly _id: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

/**
 * Applies the migrations that are new, in the order of their names, under a lease: instances that
 * start together apply each once. It connects by itself, since a migration may take as long as it takes.
 *
 * @param folder of the migrations.
 * @throws CannotStartError when the database has another history than the code.
 */
export async function migrate(
  { service, config }: ClientOptions,
  folder: string | URL,
): Promise<SchemaState> {
  const connection = new Connection({ service, config: { ...config, statementTimeout: 0 } });
  try {
    while (true) {
      const { pending, ahead } = await differenceIn(connection.db, folder);
      if (pending.length === 0) return { applied: [], ahead };
      const lease = connection.lease('migrations');
      const applied = await lease.tryWith((assertHeld) =>
        applyPending(connection.db, folder, assertHeld),
      );
      if (applied !== undefined) return { applied, ahead };
      await delay(200);
    }
  } finally {
    await connection.close();
  }
}

/** @throws CannotStartError unless all of the code's migrations are applied. */
export async function checkSchema(db: Db, folder: string | URL): Promise<SchemaState> {
  const { pending, ahead } = await differenceIn(db, folder);
  requireNonePending(pending);
  return { applied: [], ahead };
}

async function applyPending(
  db: Db,
  folder: string | URL,
  assertHeld: () => void,
): Promise<string[]> {
  const applied: string[] = [];
  const { pending } = await differenceIn(db, folder);
  for (const { name, checksum, up } of pending) {
    assertHeld();
    await up(db);
    await historyOf(db).insertOne({ _id: name, checksum, appliedAt: new Date() });
    applied.push(name);
  }
  return applied;
}

async function differenceIn(db: Db, folder: string | URL): Promise<Difference<Migration<Db>>> {
  const applied = await historyOf(db).find().sort({ _id: 1 }).toArray();
  const named = applied.map(({ _id, checksum }) => ({ name: _id, checksum }));
  return compareHistory(await readMigrations<Db>(folder), named);
}

function historyOf(db: Db): Collection<AppliedMigration> {
  return db.collection('schema_history');
}
