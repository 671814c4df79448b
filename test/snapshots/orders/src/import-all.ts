import { glob } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Imports the default export of every file below `src` that matches, in the order of their paths:
 * the folder is the registry, so that adding a part means adding a file.
 *
 * @throws TypeError naming the file whose default export is not what `isWanted` accepts.
 */
export async function importAll<T>(
  pattern: string,
  isWanted: (value: unknown) => value is T,
): Promise<T[]> {
  const files = await Array.fromAsync(glob(pattern, { cwd: import.meta.dirname }));
  return Promise.all(
    files.sort().map(async (file) => {
      const url = pathToFileURL(path.join(import.meta.dirname, file)).href;
      const module: { default?: unknown } = await import(url);
      if (isWanted(module.default)) return module.default;
      throw new TypeError(`src/${file} has no default export of the expected kind`);
    }),
  );
}
