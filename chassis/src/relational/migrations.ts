import {
  compareHistory,
  type Migration,
  type NamedMigration,
  readMigrations,
  requireNonePending,
  type SchemaState,
} from '../store/index.ts';
import type { RelationalDatabase } from './database.ts';
import type { Executor, MigrationDialect } from './dialect.ts';
import { historyTable, withChassisTables } from './tables.ts';

/**
 * Applies the migrations that are new, in the order of their names, under a lock: instances that
 * start together apply each once. It connects by itself, since a migration may take as long as it takes.
 *
 * @param folder has a file for each migration, `NAME.ts`, that exports `up(kysely)`.
 * @throws CannotStartError when the database has another history than the folder.
 */
export async function migrate<Tables, Work>(
  database: RelationalDatabase<Tables, Work>,
  folder: string | URL,
): Promise<SchemaState> {
  const { migrations } = database.dialect;
  const own = database.withoutLimit();
  try {
    return await migrations.underLock(withChassisTables(own.kysely), async (session) => {
      await migrations.createHistory(session);
      const known = await readMigrations<Executor>(folder);
      const { pending, ahead } = compareHistory(known, await historyOf(session));
      for (const migration of pending) await apply(migrations, session, migration);
      return { applied: pending.map(({ name }) => name), ahead };
    });
  } finally {
    await own.close();
  }
}

/** @throws CannotStartError unless all migrations of the folder are applied. */
export async function checkSchema<Tables, Work>(
  database: RelationalDatabase<Tables, Work>,
  folder: string | URL,
): Promise<SchemaState> {
  const kysely = withChassisTables(database.kysely);
  const tables = await kysely.introspection.getTables();
  const isThere = tables.some(({ name }) => name === historyTable);
  const history = isThere ? await historyOf(kysely) : [];
  const { pending, ahead } = compareHistory(await readMigrations<Executor>(folder), history);
  requireNonePending(pending);
  return { applied: [], ahead };
}

function apply(
  migrations: MigrationDialect,
  session: Executor,
  { name, checksum, up }: Migration<Executor>,
): Promise<void> {
  return migrations.together(session, async (executor) => {
    await up(executor);
    await executor.insertInto(historyTable).values({ name, checksum }).execute();
  });
}

function historyOf(kysely: Executor): Promise<NamedMigration[]> {
  return kysely.selectFrom(historyTable).select(['name', 'checksum']).orderBy('name').execute();
}
