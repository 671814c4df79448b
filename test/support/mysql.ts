import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Certificate } from './certificate.ts';
import { kill } from './kill.ts';
import { accepts, freePort } from './ports.ts';
import type { StoreServer, StoreSession } from './stores.ts';

/** One of the two products; tests that need one are skipped where its program is not named. */
interface Product {
  readonly program: string | undefined;
  /** What makes an empty data folder in which `root` needs no password. */
  readonly installer: readonly string[];
  readonly options: readonly string[];
  readonly withoutTls: readonly string[];
}

export const mariadb: Product = {
  program: process.env.CREATE_SERVICE_MARIADB,
  installer: ['mariadb-install-db', '--auth-root-authentication-method=normal', '--skip-test-db'],
  options: [],
  withoutTls: [],
};

export const mysql: Product = {
  program: process.env.CREATE_SERVICE_MYSQL,
  installer: [process.env.CREATE_SERVICE_MYSQL ?? '', '--initialize-insecure'],
  // Its other protocol would be on one port for all.
  options: ['--mysqlx=OFF', '--secure-file-priv=NULL'],
  // Else it makes a certificate for itself.
  withoutTls: ['--tls-version='],
};

/** A real server that can be killed and started again on the same port. */
export class MysqlServer implements StoreServer {
  readonly port: number;
  readonly #product: Product;
  readonly #folder: string;
  readonly #tls: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(product: Product, folder: string, port: number, certificate?: Certificate) {
    this.#product = product;
    this.#folder = folder;
    this.#tls =
      certificate === undefined
        ? product.withoutTls
        : [
            `--ssl-cert=${certificate.file}`,
            `--ssl-key=${certificate.keyFile}`,
            `--ssl-ca=${certificate.file}`,
          ];
    this.port = port;
  }

  static async create(product: Product, certificate?: Certificate): Promise<MysqlServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-mysql-'));
    const server = new MysqlServer(product, folder, await freePort(), certificate);
    const [installer = '', ...own] = product.installer;
    await execa(installer, [...server.#options(), ...own], { stdin: 'ignore' });
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

  async session(database: string): Promise<StoreSession> {
    const connection = await createConnection(`mysql://root@127.0.0.1:${this.port}/${database}`);
    connection.on('error', () => undefined);
    return {
      query: (sql) => connection.query(sql),
      end: () => connection.end(),
      async killOne(which) {
        const [rows] = await connection.query<RowDataPacket[]>('show processlist');
        const others = rows.filter(({ Id, db }) => db === database && Id !== connection.threadId);
        const chosen = others[Math.floor(which * others.length)];
        // It may have ended by itself.
        await connection.query(`kill ${chosen?.Id ?? 0}`).catch(() => undefined);
      },
    };
  }

  #options(): string[] {
    const user = process.getuid?.() === 0 ? ['--user=root'] : [];
    return ['--no-defaults', ...user, `--datadir=${path.join(this.#folder, 'data')}`];
  }

  async start(): Promise<void> {
    const options = [
      `--port=${this.port}`,
      `--socket=${path.join(this.#folder, 's')}`,
      `--log-error=${path.join(this.#folder, 'error.log')}`,
      '--bind-address=127.0.0.1',
      ...this.#product.options,
      ...this.#tls,
    ];
    const program = this.#product.program ?? '';
    const child = spawn(program, [...this.#options(), ...options], { stdio: 'ignore' });
    this.#process = child;
    for (let tries = 0; tries < 600; tries += 1) {
      if (child.exitCode !== null) throw new Error(`${program} ended at start`);
      if (await accepts(this.port)) return;
      await delay(50);
    }
    throw new Error(`${program} did not start within half a minute`);
  }

  stop(): Promise<void> {
    return kill(this.#process);
  }

  async dispose(): Promise<void> {
    await this.stop();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

const password = 'a-password-of-the-service';
