import fs from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { NamedError } from '../copies/index.ts';
import type { DatabaseConfig } from '../store/index.ts';
import { pathOf } from './address.ts';

/** No backup was made, and nothing was written over. */
export class BackupError extends NamedError {
  override readonly name = 'BackupError';
}

/**
 * Copies the database to a file, whole and as of one moment, while the service goes on: for a process of its
 * own, which waits while SQLite copies. The file appears under its name once it is complete.
 *
 * @throws BackupError when there is no database, or the file is there already.
 */
export async function backUp(config: Pick<DatabaseConfig, 'url'>, target: string): Promise<void> {
  const source = pathOf(config.url);
  if (!(await exists(source))) throw new BackupError(`There is no database ${source}.`);
  if (await exists(target))
    throw new BackupError(`${target} is there already: name a file that is not.`);
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
