import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { kill } from './kill.ts';
import type { NatsOperator } from './nats-operator.ts';
import { accepts, freePort } from './ports.ts';

/** The program `nats-server`; tests that need it are skipped without it. */
export const natsProgram = process.env.CREATE_SERVICE_NATS;

const [user, password] = ['service', 'p@ss/word'];

/** A real NATS server with JetStream and a login, which can be stopped and started again on the same port. */
export class NatsServer {
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly port: number;
  readonly #certificate: Certificate | undefined;
  readonly #operator: NatsOperator | undefined;
  #process: ChildProcess | undefined;

  private constructor(
    folder: string,
    port: number,
    certificate: Certificate | undefined,
    operator: NatsOperator | undefined,
  ) {
    this.#folder = folder;
    this.port = port;
    this.#certificate = certificate;
    this.#operator = operator;
    const login = operator === undefined ? `${user}:${encodeURIComponent(password)}@` : '';
    const server =
      certificate === undefined ? `nats://${login}127.0.0.1` : `tls://${login}localhost`;
    this.environment = { NATS_URL: `${server}:${port}` };
  }

  /**
   * With a certificate the server wants TLS, and the same certificate of its clients; with an operator, the
   * credentials of a user.
   */
  static async create(certificate?: Certificate, operator?: NatsOperator): Promise<NatsServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-nats-'));
    const server = new NatsServer(folder, await freePort(), certificate, operator);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const address = ['--addr', '127.0.0.1', '--port', String(this.port)];
    const login = await this.#login();
    const { file, keyFile } = this.#certificate ?? {};
    const tls =
      file && keyFile
        ? ['--tlsverify', '--tlscert', file, '--tlskey', keyFile, '--tlscacert', file]
        : [];
    const args = [...address, ...login, ...tls, '--jetstream', '--store_dir', this.#folder];
    const child = spawn(natsProgram ?? 'nats-server', args, { stdio: 'ignore' });
    this.#process = child;
    for (let tries = 0; tries < 300; tries += 1) {
      if (child.exitCode !== null) throw new Error('the NATS server ended at start');
      if (await accepts(this.port)) return;
      await delay(100);
    }
    throw new Error('the NATS server did not start within half a minute');
  }

  async #login(): Promise<string[]> {
    if (this.#operator === undefined) return ['--user', user, '--pass', password];
    const file = path.join(this.#folder, 'server.conf');
    await fs.writeFile(file, this.#operator.configuration);
    return ['--config', file];
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
