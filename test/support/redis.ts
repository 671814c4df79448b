import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { kill } from './kill.ts';
import { freePort } from './ports.ts';

/** The program `redis-server`; tests that need one are skipped without it. */
export const redisProgram = process.env.CREATE_SERVICE_REDIS;

/** A real server that writes before it confirms, and can be killed and started again on the same port. */
export class RedisServer {
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly port: number;
  readonly #tls: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, tls: Readonly<Record<string, string>> = {}) {
    this.#folder = folder;
    this.port = port;
    this.#tls = tls;
    const { 'tls-port': tlsPort } = tls;
    const url =
      tlsPort === undefined ? `redis://127.0.0.1:${port}` : `rediss://localhost:${tlsPort}`;
    this.environment = { REDIS_URL: url };
  }

  /** With a certificate clients come by TLS, and the server wants the same certificate of them. */
  static async create(certificate?: Certificate): Promise<RedisServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-redis-'));
    const port = await freePort();
    const tls = certificate && {
      'tls-port': `${await freePort()}`,
      'tls-cert-file': certificate.file,
      'tls-key-file': certificate.keyFile,
      'tls-ca-cert-file': certificate.file,
      'tls-auth-clients': 'yes',
    };
    const server = new RedisServer(folder, port, tls);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const options = {
      bind: '127.0.0.1',
      port: `${this.port}`,
      dir: this.#folder,
      save: '',
      appendonly: 'yes',
      appendfsync: 'always',
      ...this.#tls,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(redisProgram ?? 'redis-server', args, { stdio: 'ignore' });
    this.#process = child;
    for (let tries = 0; tries < 600; tries += 1) {
      if (child.exitCode !== null) throw new Error('the Redis server ended at start');
      if (await answers(this.port)) return;
      await delay(50);
    }
    throw new Error('the Redis server did not start within half a minute');
  }

  stop(): Promise<void> {
    return kill(this.#process);
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async wipe(): Promise<void> {
    await fs.rm(this.#folder, { recursive: true, force: true });
    await fs.mkdir(this.#folder);
  }

  async dispose(): Promise<void> {
    await this.stop();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

/** Whether it obeys; while it still reads its data it only says so. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.on('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}
