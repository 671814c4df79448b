import { glob } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Imports the default export of every file below a folder that matches, in the order of their paths:
 * the folder is the registry, so that adding a part means adding a file.
 *
 * @throws TypeError naming the file whose default export is not what `isWanted` accepts.
 */
export async function importAll<T>(
  folder: string | URL,
  pattern: string,
  isWanted: (value: unknown) => value is T,
): Promise<T[]> {
  const root = folder instanceof URL ? fileURLToPath(folder) : folder;
  const files = await Array.fromAsync(glob(pattern, { cwd: root }));
  return Promise.all(
    files.sort().map(async (file) => {
      const url = pathToFileURL(path.join(root, file)).href;
      const module: { default?: unknown } = await import(url);
      if (isWanted(module.default)) return module.default;
      const name = path.join(path.basename(root), file);
      throw new TypeError(`${name} has no default export of the expected kind`);
    }),
  );
}
