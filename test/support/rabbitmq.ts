import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { accepts, freePort } from './ports.ts';

/** The program `rabbitmq-server`; tests that need RabbitMQ are skipped without it. */
export const rabbitProgram = process.env.CREATE_SERVICE_RABBITMQ;

/** `epmd` of another Erlang may lie beside it. */
const programs = [path.dirname(rabbitProgram ?? ''), process.env.PATH ?? ''].join(path.delimiter);

/** A real server that can be stopped and started again on the same port with the same data. */
export class RabbitServer {
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly port: number;
  readonly #settings: Readonly<Record<string, string>>;
  #nameServer: ChildProcess | undefined;
  #process: ChildProcess | undefined;

  private constructor(
    folder: string,
    [port, nodes, names]: readonly [number, number, number],
    tlsPort?: number,
  ) {
    this.#folder = folder;
    this.port = port;
    const server = tlsPort === undefined ? `127.0.0.1:${port}` : `localhost:${tlsPort}`;
    const scheme = tlsPort === undefined ? 'amqp' : 'amqps';
    this.environment = { AMQP_URL: `${scheme}://guest:guest@${server}` };
    this.#settings = {
      HOME: folder,
      RABBITMQ_NODENAME: `rabbit-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(nodes),
      RABBITMQ_MNESIA_BASE: path.join(folder, 'data'),
      RABBITMQ_LOG_BASE: path.join(folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, 'plugins'),
      RABBITMQ_PID_FILE: path.join(folder, 'pid'),
      RABBITMQ_CONFIG_FILE: path.join(folder, 'rabbitmq.conf'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: String(names),
    };
  }

  /** With a certificate clients come by TLS, and the server wants the same certificate of them. */
  static async create(certificate?: Certificate): Promise<RabbitServer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-rabbitmq-'));
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    const tlsPort = certificate && (await freePort());
    const server = new RabbitServer(folder, ports, tlsPort);
    const settings = certificate && {
      'listeners.ssl.1': `127.0.0.1:${tlsPort}`,
      'ssl_options.cacertfile': certificate.file,
      'ssl_options.certfile': certificate.file,
      'ssl_options.keyfile': certificate.keyFile,
      'ssl_options.verify': 'verify_peer',
      'ssl_options.fail_if_no_peer_cert': 'true',
    };
    const lines = Object.entries(settings ?? {}).map(([name, value]) => `${name} = ${value}\n`);
    await fs.writeFile(path.join(folder, 'rabbitmq.conf'), lines.join(''));
    await server.#startNameServer(ports[2]);
    await server.start();
    return server;
  }

  /** Erlang's, which a server that finds none starts by itself, but never stops. */
  async #startNameServer(port: number): Promise<void> {
    const args = ['-address', '127.0.0.1', '-port', String(port)];
    this.#nameServer = spawn('epmd', args, { env: { PATH: programs }, stdio: 'ignore' });
    for (let tries = 0; !(await accepts(port)); tries += 1) {
      if (tries > 100) throw new Error('epmd did not start');
      await delay(50);
    }
  }

  async start(): Promise<void> {
    const child = spawn(rabbitProgram ?? '', {
      env: { PATH: programs, ...this.#settings },
      stdio: 'ignore',
      // The program is a script; its process group has the server as well.
      detached: true,
    });
    this.#process = child;
    for (let tries = 0; tries < 600; tries += 1) {
      if (child.exitCode !== null) throw new Error('the RabbitMQ server ended at start');
      if (await accepts(this.port)) return;
      await delay(100);
    }
    throw new Error('the RabbitMQ server did not start within a minute');
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    this.#signal('SIGKILL');
    await ended;
    while (await accepts(this.port)) await delay(20);
  }

  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  /** To the whole process group: the program is a script. */
  #signal(signal: NodeJS.Signals): void {
    if (this.#process?.pid !== undefined) process.kill(-this.#process.pid, signal);
  }

  async wipe(): Promise<void> {
    await fs.rm(path.join(this.#folder, 'data'), { recursive: true, force: true });
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.#nameServer?.kill();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}
