import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A server of our own, for development and tests. */
export interface LocalMysql {
  /** URL of the server, without a database. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Where servers are that are not on the path. */
const furtherFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec'];

/**
 * Starts the MariaDB or MySQL of this machine in a folder, with a data folder of its own when that is
 * new. It ends with this process, however that ends.
 *
 * @throws Error saying what to do when the machine has none.
 */
export async function startMysql(folder: string): Promise<LocalMysql> {
  const program = await findProgram(['mariadbd', 'mysqld']);
  if (program === undefined) {
    throw new Error(
      'This machine has neither MariaDB nor MySQL: install one, or run `docker compose up -d mysql` and set DATABASE_URL=mysql://root:password@127.0.0.1:3306/__service_snake__ with DATABASE_ADMIN_PASSWORD of .env as the password.',
    );
  }
  const runner = path.join(import.meta.dirname, 'mysql-server.ts');
  const child = spawn(process.execPath, [runner, program, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Not in our process group: Ctrl-C must not stop it before the service has finished with it.
    detached: true,
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [url] = await Promise.race([once(lines, 'line'), exited.then(() => [undefined])]);
  if (typeof url !== 'string')
    throw new Error(`${program} did not start; ${path.join(folder, 'error.log')} says why.`);
  return {
    url,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

/** The first of some programs on the path; where several lie in one folder, the one that is named first. */
export async function findProgram(names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(path.delimiter).concat(furtherFolders);
  for (const folder of folders) {
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
