import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { kill } from './kill.ts';
import { freePort } from './ports.ts';

/** The program that `.ci/build-ferretdb` builds; tests that need MongoDB are skipped without it. */
export const ferretProgram = process.env.CREATE_SERVICE_FERRETDB;

/**
 * A FerretDB, which speaks MongoDB's protocol and keeps its data in SQLite: it can be killed and started
 * again on the same port. It has no replica set, no change streams and no transactions, as a
 * standalone MongoDB server has none.
 */
export class FerretServer {
  readonly port: number;
  readonly ownTests: Readonly<Record<string, string>>;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
    this.ownTests = { MONGODB_URL: addressOf(port, '') };
  }

  static async create(): Promise<FerretServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-ferretdb-'));
    const server = new FerretServer(folder, await freePort());
    await server.start();
    return server;
  }

  /** A database is made when it is first written to. */
  async database(name: string): Promise<Readonly<Record<string, string>>> {
    return { DATABASE_URL: addressOf(this.port, name) };
  }

  async start(): Promise<void> {
    const address = `127.0.0.1:${this.port}`;
    const child = spawn(ferretProgram ?? 'ferretdb', [address, this.#folder], { stdio: 'ignore' });
    this.#process = child;
    for (let tries = 0; tries < 600; tries += 1) {
      if (child.exitCode !== null) throw new Error('FerretDB ended at start');
      if (await listens(this.port)) return;
      await delay(50);
    }
    throw new Error('FerretDB did not start within half a minute');
  }

  stop(): Promise<void> {
    return kill(this.#process);
  }

  async dispose(): Promise<void> {
    await this.stop();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

/** It knows one user, see `.ci/ferretdb/authentication.patch`. */
function addressOf(port: number, database: string): string {
  return `mongodb://service:sesame@127.0.0.1:${port}/${database}?authSource=admin`;
}

/** It listens only once it can answer. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end());
    socket.on('error', () => resolve(false));
    socket.on('close', (failed) => resolve(!failed));
  });
}
