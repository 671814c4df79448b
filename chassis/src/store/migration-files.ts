import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { NamedMigration } from './history.ts';

/** A file of `migrations/`: its name without the extension, and its SHA-256 in hexadecimal. */
export interface Migration<Target> extends NamedMigration {
  /** Applies it; after a crash it may run again over its own half, and has to bear that. */
  readonly up: (target: Target) => Promise<void>;
}

/** The migrations of a folder, in the order of their names: each file exports its `up`. */
export async function readMigrations<Target>(
  folder: string | URL,
): Promise<readonly Migration<Target>[]> {
  const root = folder instanceof URL ? fileURLToPath(folder) : folder;
  const files = (await fs.readdir(root)).filter((file) => file.endsWith('.ts')).sort();
  return Promise.all(
    files.map(async (file) => {
      const where = path.join(root, file);
      // A checkout may turn line ends into those of the system.
      const text = (await fs.readFile(where, 'utf8')).replaceAll('\r\n', '\n');
      const { up }: Pick<Migration<Target>, 'up'> = await import(pathToFileURL(where).href);
      const checksum = createHash('sha256').update(text).digest('hex');
      return { name: path.basename(file, '.ts'), checksum, up };
    }),
  );
}
