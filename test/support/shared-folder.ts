import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Names the folder that the test files of one run share. */
export const sharedFolderVariable = 'CREATE_SERVICE_SHARED_FOLDER';

/**
 * Where processes of Node keep what they have compiled: a service that starts for the hundredth time, or a command
 * line, then takes a third less of the processor. Node reads it; who gives a process an environment of its own
 * gives it this too.
 */
export function compileCache(): Readonly<Record<string, string>> {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

/**
 * Makes it before the first test file, and removes it after the last. One that whoever starts the run
 * has named is used as it is and stays: what is installed in it serves the next run too.
 */
export default async function share(): Promise<() => Promise<void>> {
  const named = process.env[sharedFolderVariable];
  if (named !== undefined) {
    keepCompiledIn(named);
    return async () => undefined;
  }
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-shared-'));
  await fs.chmod(folder, 0o755);
  process.env[sharedFolderVariable] = folder;
  keepCompiledIn(folder);
  // A process that is still ending may write into it.
  return () => fs.rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function keepCompiledIn(folder: string): void {
  process.env.NODE_COMPILE_CACHE ??= path.join(folder, 'compiled');
}
