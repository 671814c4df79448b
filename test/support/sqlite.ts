import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoreServer, StoreSession } from './stores.ts';

/** A folder of database files, which can be taken away and brought back: all that SQLite has of a server. */
export class SqliteFolder implements StoreServer {
  /** Nobody listens. */
  readonly port = 0;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async create(): Promise<SqliteFolder> {
    const root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-sqlite-'));
    await fs.mkdir(path.join(root, 'data'));
    return new SqliteFolder(root);
  }

  async database(name: string): Promise<{ DATABASE_URL: string }> {
    return { DATABASE_URL: `file:${this.#file(name)}` };
  }

  /** Another process that uses the file; the service has no session in it that could be ended. */
  async session(database: string): Promise<StoreSession> {
    const file = new DatabaseSync(this.#file(database), { timeout: 10_000 });
    return {
      query: async (sql) => file.exec(sql),
      killOne: async () => undefined,
      end: async () => file.close(),
    };
  }

  async stop(): Promise<void> {
    await fs.rename(path.join(this.#root, 'data'), path.join(this.#root, 'away'));
  }

  async start(): Promise<void> {
    await fs.rename(path.join(this.#root, 'away'), path.join(this.#root, 'data'));
  }

  async dispose(): Promise<void> {
    await fs.rm(this.#root, { recursive: true, force: true });
  }

  #file(database: string): string {
    return path.join(this.#root, 'data', `${database}.db`);
  }
}
