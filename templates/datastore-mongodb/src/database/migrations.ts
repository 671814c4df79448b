import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Collection, Db } from 'mongodb';
import {
  compareHistory,
  type Difference,
  type NamedMigration,
  requireNonePending,
  type SchemaState,
} from './compare-history.ts';
import type { DatabaseConfig } from './config.ts';
import { Database } from './database.ts';

const folder = path.join(import.meta.dirname, 'migrations');

/** A migration that was applied, as the collection `schema_history` remembers it. */
interface AppliedMigration {
  readonly _id: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

interface Migration extends NamedMigration {
  /** Applies it; after a crash it may run again over its own half, and has to bear that. */
  readonly up: (db: Db) => Promise<void>;
}

/**
 * Applies the migrations that are new, in the order of their names, under a lease: instances that
 * start together apply each once. It connects by itself, since a migration may take as long as it takes.
 *
 * @throws CannotStartError when the database has another history than the code.
 */
export async function migrate(config: DatabaseConfig): Promise<SchemaState> {
  const database = new Database({ ...config, statementTimeout: 0 });
  try {
    while (true) {
      const { pending, ahead } = await differenceIn(database);
      if (pending.length === 0) return { applied: [], ahead };
      const lease = database.lease('migrations');
      const applied = await lease.tryWith((assertHeld) => applyPending(database, assertHeld));
      if (applied !== undefined) return { applied, ahead };
      await delay(200);
    }
  } finally {
    await database.close();
  }
}

/** @throws CannotStartError unless all of the code's migrations are applied. */
export async function checkSchema(database: Database): Promise<SchemaState> {
  const { pending, ahead } = await differenceIn(database);
  requireNonePending(pending);
  return { applied: [], ahead };
}

async function applyPending(database: Database, assertHeld: () => void): Promise<string[]> {
  const applied: string[] = [];
  const { pending } = await differenceIn(database);
  for (const { name, checksum, up } of pending) {
    assertHeld();
    await up(database.db);
    await historyOf(database).insertOne({ _id: name, checksum, appliedAt: new Date() });
    applied.push(name);
  }
  return applied;
}

async function differenceIn(database: Database): Promise<Difference<Migration>> {
  const applied = await historyOf(database).find().sort({ _id: 1 }).toArray();
  const named = applied.map(({ _id, checksum }) => ({ name: _id, checksum }));
  return compareHistory(await readMigrations(), named);
}

function historyOf({ db }: Database): Collection<AppliedMigration> {
  return db.collection('schema_history');
}

async function readMigrations(): Promise<Migration[]> {
  const files = (await fs.readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  return Promise.all(
    files.map(async (file) => {
      const location = path.join(folder, file);
      const text = await fs.readFile(location, 'utf8');
      // A checkout may have changed the ends of lines.
      const checksum = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
      const { up }: Pick<Migration, 'up'> = await import(pathToFileURL(location).href);
      return { name: path.basename(file, '.ts'), checksum, up };
    }),
  );
}
