import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Collection, Db } from 'mongodb';
import type { Database } from './database.ts';

const folder = path.join(import.meta.dirname, 'migrations');

/** A migration that was applied, as the collection `migrations` remembers it. */
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

/** The database and the code's migrations contradict each other; nothing was applied. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Applies the migrations that are new, in the order of their names, under a lease: instances that
 * start together apply each once.
 *
 * @returns the names of those applied now.
 * @throws MigrationError when the database has migrations that the code does not have or that come
 *   after one it has not applied, or when one was changed after it was applied.
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  const migrations = await readMigrations();
  const collection = database.db.collection<AppliedMigration>('migrations');
  while ((await newOnes(migrations, collection)).length > 0) {
    const applied = await database
      .lease('migrations')
      .tryWith((assertHeld) => apply(migrations, collection, database.db, assertHeld));
    if (applied !== undefined) return applied;
    await delay(200);
  }
  return [];
}

async function apply(
  migrations: readonly Migration[],
  collection: Collection<AppliedMigration>,
  db: Db,
  assertHeld: () => void,
): Promise<string[]> {
  const applied: string[] = [];
  for (const { name, checksum, up } of await newOnes(migrations, collection)) {
    assertHeld();
    await up(db);
    await collection.insertOne({ _id: name, checksum, appliedAt: new Date() });
    applied.push(name);
  }
  return applied;
}

/** Those that are not yet applied, once it is clear that they follow on those that are. */
async function newOnes(
  migrations: readonly Migration[],
  collection: Collection<AppliedMigration>,
): Promise<readonly Migration[]> {
  const applied = await collection.find().sort({ _id: 1 }).toArray();
  for (const [index, { _id: name, checksum }] of applied.entries()) {
    const known = migrations.find((migration) => migration.name === name);
    if (known === undefined)
      throw new MigrationError(`the database is ahead: the code has no migration ${name}`);
    if (known.checksum !== checksum)
      throw new MigrationError(`the migration ${name} was changed after it had been applied`);
    if (known !== migrations[index])
      throw new MigrationError(`the migration ${migrations[index]?.name} comes after ${name}`);
  }
  return migrations.slice(applied.length);
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
