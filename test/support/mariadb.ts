import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { createConnection } from 'mysql2/promise';
import type { Certificate } from './certificate.ts';
import { accepts, freePort } from './ports.ts';
import type { StoreServer } from './stores.ts';

/** The program `mariadbd`; tests that need one are skipped without it. */
export const mariadbProgram = process.env.CREATE_SERVICE_MARIADB;

/** A real server that can be killed and started again on the same port. */
export class MariadbServer implements StoreServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  readonly #tls: readonly string[];

  private constructor(folder: string, port: number, certificate?: Certificate) {
    this.#folder = folder;
    this.#tls =
      certificate === undefined
        ? []
        : [`--ssl-cert=${certificate.file}`, `--ssl-key=${certificate.keyFile}`];
    this.port = port;
  }

  static async create(certificate?: Certificate): Promise<MariadbServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-mariadb-'));
    const server = new MariadbServer(folder, await freePort(), certificate);
    const own = ['--auth-root-authentication-method=normal', '--skip-test-db'];
    await execa('mariadb-install-db', [...server.#options(), ...own], { stdin: 'ignore' });
    await server.start();
    return server;
  }

  /** The user has the rights on its own database, and on nothing else. */
  async database(name: string): Promise<{ DATABASE_URL: string }> {
    const connection = await createConnection(`mysql://root@127.0.0.1:${this.port}`);
    try {
      await connection.query(`create database \`${name}\``);
      await connection.query(`create user if not exists '${name}' identified by '${password}'`);
      await connection.query(`grant all on \`${name}\`.* to '${name}'`);
    } finally {
      await connection.end();
    }
    return { DATABASE_URL: `mysql://${name}:${password}@127.0.0.1:${this.port}/${name}` };
  }

  #options(): string[] {
    const user = process.getuid?.() === 0 ? ['--user=root'] : [];
    return ['--no-defaults', ...user, `--datadir=${path.join(this.#folder, 'data')}`];
  }

  async start(): Promise<void> {
    const options = [
      `--port=${this.port}`,
      `--socket=${path.join(this.#folder, 's')}`,
      `--log-error=${path.join(this.#folder, 'log')}`,
      '--bind-address=127.0.0.1',
      ...this.#tls,
    ];
    const child = spawn(mariadbProgram ?? 'mariadbd', [...this.#options(), ...options], {
      stdio: 'ignore',
    });
    this.#process = child;
    for (let tries = 0; tries < 600; tries += 1) {
      if (child.exitCode !== null) throw new Error('MariaDB ended at start');
      if (await accepts(this.port)) return;
      await delay(50);
    }
    throw new Error('MariaDB did not start within half a minute');
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

const password = 'a-password-of-the-service';
