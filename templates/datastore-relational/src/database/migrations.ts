import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Tables } from './tables.ts';

const folder = path.join(import.meta.dirname, 'migrations');

/**
 * Applies the migrations that are new, in the order of their names, in one transaction under
 * PostgreSQL's advisory lock: instances that start together apply each once.
 *
 * @returns the names of those applied now.
 */
export async function migrate(kysely: Kysely<Tables>): Promise<readonly string[]> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: readMigrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return results.map(({ migrationName }) => migrationName);
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await fs.readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  const entries = files.map(async (file): Promise<[string, Migration]> => {
    const migration: Migration = await import(pathToFileURL(path.join(folder, file)).href);
    return [path.basename(file, '.ts'), migration];
  });
  return Object.fromEntries(await Promise.all(entries));
}
