import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageRoot } from './cli.ts';
import { freePort } from './ports.ts';
import { compileCache } from './shared-folder.ts';

/** One instance of an emitted service, killed and started again on the same port. */
export class Instance {
  readonly url: string;
  /** How it ended when nobody made it. */
  readonly unexpectedExits: string[] = [];
  readonly #port: number;
  #folder: string;
  #environment: Readonly<Record<string, string>>;
  readonly #logFile: string;
  readonly #log: number;
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number, environment: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.#folder = folder;
    this.#environment = environment;
    this.#logFile = path.join(folder, `instance-${port}.log`);
    this.#log = fs.openSync(this.#logFile, 'a');
  }

  static async create(folder: string, environment: Record<string, string>): Promise<Instance> {
    const instance = new Instance(folder, await freePort(), environment);
    instance.start();
    return instance;
  }

  /** Starts it, and starts it again whenever it ends by itself, as a platform does. */
  start(): void {
    const node = path.join(packageRoot, 'node_modules/node/bin/node');
    const child = spawn(node, ['src/main.ts'], {
      cwd: this.#folder,
      env: {
        PATH: process.env.PATH ?? '',
        ...compileCache(),
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'warn',
        SHUTDOWN_DRAIN_MS: '0',
        // Of a gateway: any that is free.
        METRICS_PORT: '0',
        ...this.#environment,
        PORT: String(this.#port),
      },
      stdio: ['ignore', this.#log, this.#log],
    });
    this.#child = child;
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.unexpectedExits.push(`${this.url} ended with ${code ?? signal}`);
      this.start();
    });
  }

  /** Ends it with a signal and waits until it has ended; returns its exit code. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, 'exit');
    this.#child = undefined;
    child.kill(signal);
    const [code] = await ended;
    return code;
  }

  /** The next start is of what lies in another folder, or with other variables. */
  become(folder: string, environment: Readonly<Record<string, string>>): void {
    this.#folder = folder;
    this.#environment = environment;
  }

  /** Of the process that runs now. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.url} does not run`);
    return pid;
  }

  async untilReady(timeoutMs = 60_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    let said = '';
    while (performance.now() < deadline) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      const startup = await fetch(`${this.url}/health/startup`).catch(() => undefined);
      said = `${await answer?.text()} ${await startup?.text()}`;
      if (answer?.ok === true && said.includes('"started"')) return;
      await delay(100);
    }
    const log = fs.readFileSync(this.#logFile, 'utf8').slice(-5000);
    throw new Error(`${this.url} did not get ready; it said ${said}, and in its log:\n${log}`);
  }
}
