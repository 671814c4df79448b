import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A ClickHouse server of our own, for development and tests. */
export interface LocalClickHouse {
  /** URL of the server; a path names the database. */
  readonly url: string;
  /** Of its process, for tests that kill it. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the ClickHouse engine of the npm package `chdb` in a folder, behind ClickHouse's HTTP
 * interface. It ends with this process, however that ends.
 *
 * @param port any free one for 0.
 */
export async function startClickHouse(folder: string, port = 0): Promise<LocalClickHouse> {
  const program = path.join(import.meta.dirname, 'clickhouse-server.ts');
  const child = spawn(process.execPath, [program, folder, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // One thread a query: those of Node's pool are what the engine is called on.
    env: { ...process.env, UV_THREADPOOL_SIZE: '32' },
    // Not in our process group: Ctrl-C must not stop it before the service has finished with it.
    detached: true,
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [url] = await Promise.race([once(lines, 'line'), exited.then(() => [undefined])]);
  if (typeof url !== 'string' || child.pid === undefined) {
    throw new Error('the embedded ClickHouse did not start; is the package chdb installed?');
  }
  return {
    url,
    pid: child.pid,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
