import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Kysely } from 'kysely';
import { CannotStartError } from '../health/start.ts';
import type { DatabaseConfig } from './config.ts';
import { Database } from './database.ts';
import { historyTable } from './history.ts';
import { createHistory, inMigration, underMigrationLock } from './migration-session.ts';
import type { Tables } from './tables.ts';

/** One file of `migrations/`. */
interface Migration {
  /** The file's name without its extension; migrations are applied in the order of names. */
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
  readonly up: (kysely: Kysely<Tables>) => Promise<void>;
}

const folder = path.join(import.meta.dirname, 'migrations');

/**
 * Applies the migrations that are new, in the order of their names, under a lock: instances that
 * start together apply each once. It connects by itself, since a migration may take as long as it takes.
 *
 * @returns the names of those applied now.
 * @throws CannotStartError when the database has another history than the code.
 */
export async function migrate(config: DatabaseConfig): Promise<readonly string[]> {
  const database = new Database({ ...config, poolMax: 1, statementTimeout: 0 });
  try {
    return await underMigrationLock(database.kysely, async (session) => {
      await createHistory(session);
      const pending = await pendingIn(session);
      for (const migration of pending) await apply(session, migration);
      return pending.map(({ name }) => name);
    });
  } finally {
    await database.close();
  }
}

/** @throws CannotStartError unless exactly the code's migrations are applied. */
export async function checkSchema({ kysely }: Database): Promise<void> {
  const tables = await kysely.introspection.getTables();
  const known = tables.some(({ name }) => name === historyTable);
  const pending = known ? await pendingIn(kysely) : await readMigrations();
  if (pending.length === 0) return;
  const names = pending.map(({ name }) => name).join(', ');
  throw new CannotStartError(
    `The database is behind the code; run the script migrate for ${names}.`,
  );
}

function apply(session: Kysely<Tables>, { name, checksum, up }: Migration): Promise<void> {
  return inMigration(session, async (executor) => {
    await up(executor);
    await executor.insertInto(historyTable).values({ name, checksum }).execute();
  });
}

async function pendingIn(kysely: Kysely<Tables>): Promise<readonly Migration[]> {
  const known = await readMigrations();
  const history = kysely.selectFrom(historyTable).select(['name', 'checksum']).orderBy('name');
  const applied = await history.execute();
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
