import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Names the folder that the test files of one run share. */
export const sharedFolderVariable = 'CREATE_SERVICE_SHARED_FOLDER';

/**
 * Makes it before the first test file, and removes it after the last. One that whoever starts the run
 * has named is used as it is and stays: what is installed in it serves the next run too.
 */
export default async function share(): Promise<() => Promise<void>> {
  if (process.env[sharedFolderVariable] !== undefined) return async () => undefined;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-shared-'));
  await fs.chmod(folder, 0o755);
  process.env[sharedFolderVariable] = folder;
  return () => fs.rm(folder, { recursive: true, force: true });
}
