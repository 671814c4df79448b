import fs from 'node:fs/promises';
import path from 'node:path';

/** Where servers are that are not on the path. */
const furtherFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec'];

/**
 * The first of some programs on a path as `PATH` has it; where several lie in one folder, the first that is
 * named.
 */
export async function findProgram(
  names: readonly string[],
  searchPath = '',
): Promise<string | undefined> {
  for (const folder of searchPath.split(path.delimiter).concat(furtherFolders)) {
    for (const name of names) {
      const file = path.join(folder, name);
      const isThere = await fs.access(file, fs.constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return file;
    }
  }
  return undefined;
}
