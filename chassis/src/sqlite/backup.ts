import fs from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseConfig } from '../store/index.ts';
import { pathOf } from './address.ts';

/**
 * Copies the database to a file, whole and as of one moment, while the service goes on: for a process of its
 * own, which waits while SQLite copies. The file appears under its name once it is complete.
 *
 * @throws Error when there is no database, or the file is there already.
 */
export async function backUp(config: Pick<DatabaseConfig, 'url'>, target: string): Promise<void> {
  const source = pathOf(config.url);
  await fs.access(source);
  if (await exists(target)) throw new Error(`${target} is there already`);
  const part = `${target}.part`;
  await fs.rm(part, { force: true });
  const database = new DatabaseSync(source, { timeout: 30_000 });
  try {
    database.prepare('vacuum into ?').run(part);
  } finally {
    database.close();
  }
  const copy = await fs.open(part, 'r+');
  try {
    await copy.sync();
  } finally {
    await copy.close();
  }
  await fs.rename(part, target);
}

function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
