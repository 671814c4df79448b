import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Kysely } from 'kysely';
import {
  compareHistory,
  type NamedMigration,
  requireNonePending,
  type SchemaState,
} from './compare-history.ts';
import type { DatabaseConfig } from './config.ts';
import { Database } from './database.ts';
import { historyTable } from './history.ts';
import { createHistory, inMigration, underMigrationLock } from './migration-session.ts';
import type { Tables } from './tables.ts';

/** A file of `migrations/`: its name without the extension, and its SHA-256 in hexadecimal. */
interface Migration extends NamedMigration {
  readonly up: (kysely: Kysely<Tables>) => Promise<void>;
}

const folder = path.join(import.meta.dirname, 'migrations');

/**
 * Applies the migrations that are new, in the order of their names, under a lock: instances that
 * start together apply each once. It connects by itself, since a migration may take as long as it takes.
 *
 * @throws CannotStartError when the database has another history than the code.
 */
export async function migrate(config: DatabaseConfig): Promise<SchemaState> {
  const database = new Database({ ...config, poolMax: 1, statementTimeout: 0 });
  try {
    return await underMigrationLock(database.kysely, async (session) => {
      await createHistory(session);
      const { pending, ahead } = compareHistory(await readMigrations(), await historyOf(session));
      for (const migration of pending) await apply(session, migration);
      return { applied: pending.map(({ name }) => name), ahead };
    });
  } finally {
    await database.close();
  }
}

/** @throws CannotStartError unless all of the code's migrations are applied. */
export async function checkSchema({ kysely }: Database): Promise<SchemaState> {
  const tables = await kysely.introspection.getTables();
  const isThere = tables.some(({ name }) => name === historyTable);
  const history = isThere ? await historyOf(kysely) : [];
  const { pending, ahead } = compareHistory(await readMigrations(), history);
  requireNonePending(pending);
  return { applied: [], ahead };
}

function apply(session: Kysely<Tables>, { name, checksum, up }: Migration): Promise<void> {
  return inMigration(session, async (executor) => {
    await up(executor);
    await executor.insertInto(historyTable).values({ name, checksum }).execute();
  });
}

function historyOf(kysely: Kysely<Tables>): Promise<NamedMigration[]> {
  return kysely.selectFrom(historyTable).select(['name', 'checksum']).orderBy('name').execute();
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
