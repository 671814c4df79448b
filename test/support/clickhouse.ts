import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from './cli.ts';
import { kill } from './kill.ts';
import { freePort } from './ports.ts';
import type { StoreServer } from './stores.ts';

/** A `node_modules` with the package `chdb`; tests that need ClickHouse are skipped without it. */
export const clickhousePackages = process.env.CREATE_SERVICE_CLICKHOUSE;

const password = 'engine-sesame';

const programs = path.join(packageRoot, 'chassis/src/embedded-clickhouse');

/**
 * ClickHouse's own engine in a process of its own, behind the HTTP interface that emitted services
 * have for development. There is no server program in the package registries. So this shows SQL,
 * storage and crashes as they are, and nothing of the server's users, limits and replication.
 */
export class ClickHouseServer implements StoreServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  static async create(): Promise<ClickHouseServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-clickhouse-'));
    await fs.symlink(clickhousePackages ?? '', path.join(folder, 'node_modules'));
    for (const file of ['server.ts', 'http-interface.ts'])
      await fs.copyFile(path.join(programs, file), path.join(folder, file));
    // Not the one that stands in what is emitted for development.
    const http = path.join(folder, 'http-interface.ts');
    const text = await fs.readFile(http, 'utf8');
    await fs.writeFile(http, text.replace("password: 'clickhouse'", `password: '${password}'`));
    await fs.writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
    const server = new ClickHouseServer(folder, await freePort());
    await server.start();
    return server;
  }

  async database(name: string): Promise<{ DATABASE_URL: string }> {
    await this.query(`create database ${name}`);
    return { DATABASE_URL: `${this.#url(`default:${password}@`)}/${name}` };
  }

  /** From the next start on, queries have the rights that a file of `users.d` gives its user. */
  async restrict(users: string): Promise<void> {
    const own = users
      .replace(/<(\/?)(?!clickhouse|users)\w+>(?=\s*(<password|<\/users))/g, '<$1default>')
      .replace(/<password .*?>/, '<password></password>')
      .replace('<users>', '<profiles><default/></profiles><quotas><default/></quotas><users>');
    await fs.writeFile(path.join(this.#folder, 'users.xml'), own);
    const config = '<clickhouse><users_config>users.xml</users_config></clickhouse>';
    await fs.writeFile(path.join(this.#folder, 'config.xml'), config);
    const program = path.join(this.#folder, 'server.ts');
    const text = await fs.readFile(program, 'utf8');
    const opened = 'new Session(folder, { connectionArgs: ["--config-file=config.xml"] })';
    await fs.writeFile(program, text.replaceAll('new Session(folder)', opened));
  }

  /** What the server answers to a query, as text. */
  async query(sql: string): Promise<string> {
    const headers = { authorization: `Basic ${btoa(`default:${password}`)}` };
    const response = await fetch(this.#url(), { method: 'POST', headers, body: sql });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text.trim();
  }

  async start(): Promise<void> {
    const args = ['server.ts', 'chdb', 'data', `${this.port}`];
    const child = spawn(path.join(packageRoot, 'node_modules/.bin/node'), args, {
      cwd: this.#folder,
      env: { ...process.env, UV_THREADPOOL_SIZE: '32' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (child.exitCode !== null) throw new Error('ClickHouse ended at start');
  }

  stop(): Promise<void> {
    return kill(this.#process);
  }

  async dispose(): Promise<void> {
    await this.stop();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }

  #url(credentials = ''): string {
    return `http://${credentials}127.0.0.1:${this.port}`;
  }
}
