import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Collection, Db } from 'mongodb';
import { CannotStartError } from '../health/start.ts';
import type { DatabaseConfig } from './config.ts';
import { Database } from './database.ts';

const folder = path.join(import.meta.dirname, 'migrations');

/** A migration that was applied, as the collection `schema_history` remembers it. */
interface AppliedMigration {
  readonly _id: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

interface Migration {
  readonly name: string;
  readonly checksum: string;
  /** Applies it; after a crash it may run again over its own half, and has to bear that. */
  readonly up: (db: Db) => Promise<void>;
}

/**
 * Applies the migrations that are new, in the order of their names, under a lease: instances that
 * start together apply each once. It connects by itself, since a migration may take as long as it takes.
 *
 * @returns the names of those applied now.
 * @throws CannotStartError when the database has another history than the code.
 */
export async function migrate(config: DatabaseConfig): Promise<readonly string[]> {
  const database = new Database({ ...config, statementTimeout: 0 });
  try {
    while ((await pendingIn(database)).length > 0) {
      const lease = database.lease('migrations');
      const applied = await lease.tryWith((assertHeld) => applyPending(database, assertHeld));
      if (applied !== undefined) return applied;
      await delay(200);
    }
    return [];
  } finally {
    await database.close();
  }
}

/** @throws CannotStartError unless exactly the code's migrations are applied. */
export async function checkSchema(database: Database): Promise<void> {
  const pending = await pendingIn(database);
  if (pending.length === 0) return;
  const names = pending.map(({ name }) => name).join(', ');
  throw new CannotStartError(
    `The database is behind the code; run the script migrate for ${names}.`,
  );
}

async function applyPending(database: Database, assertHeld: () => void): Promise<string[]> {
  const applied: string[] = [];
  for (const { name, checksum, up } of await pendingIn(database)) {
    assertHeld();
    await up(database.db);
    await historyOf(database).insertOne({ _id: name, checksum, appliedAt: new Date() });
    applied.push(name);
  }
  return applied;
}

async function pendingIn(database: Database): Promise<readonly Migration[]> {
  const known = await readMigrations();
  const applied = await historyOf(database).find().sort({ _id: 1 }).toArray();
  for (const [index, { _id: name, checksum }] of applied.entries()) {
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
