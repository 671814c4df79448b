import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Message } from '../../chassis/src/events/bus/bus.ts';
import { packageRoot } from '../support/cli.ts';
import { compileCache } from '../support/shared-folder.ts';
import type { Commands } from './worker.ts';

type Answer = { id: number; value?: unknown; error?: string };
type Waiting = { resolve(value: unknown): void; reject(error: Error): void };
type Report = { given: Message } | { handled: Message; at: string };

/** One instance of a service, as far as its bus goes, in a process that can be killed. */
export class BusProcess {
  /** What the bus has delivered, in that order, and what of it was handled. */
  readonly given: Message[] = [];
  readonly handled: Message[] = [];
  /** When, in nanoseconds of the machine's clock: of two instances, the later may be heard of first. */
  readonly handledAt = new Map<Message, bigint>();
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    // Not `once`, which rejects at an error: a child that is told to disconnect while much of what it
    // has sent is on its way gives one.
    this.#ended = new Promise((resolve) => child.once('exit', resolve));
    child.on('error', () => undefined);
    child.on('message', (message: Answer | Report) => this.#take(message));
    child.on('exit', () => this.#failAll());
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => {
        this.output += data;
      });
  }

  /** Starts one of the service in a folder. */
  static async start(
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<BusProcess> {
    const node = path.join(packageRoot, 'node_modules/node/bin/node');
    const worker = path.join(import.meta.dirname, 'worker.ts');
    const child = spawn(node, [worker, folder], {
      env: {
        PATH: process.env.PATH ?? '',
        ...compileCache(),
        LOG_LEVEL: 'warn',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const opened = new BusProcess(child);
    onTestFinished(() => opened.#end());
    await opened.#answer(0);
    return opened;
  }

  /** Has it do something. Rejects with what it failed with, or when the process ends. */
  do<Name extends keyof Commands>(
    name: Name,
    ...args: Parameters<Commands[Name]>
  ): Promise<Awaited<ReturnType<Commands[Name]>>>;
  do(name: string, ...args: unknown[]): Promise<unknown> {
    this.#calls += 1;
    this.#child.send({ id: this.#calls, name, args });
    return this.#answer(this.#calls);
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Lets it leave its consumer group, which a killed one blocks for a while, if it does so soon. */
  async #end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await this.#ended;
    clearTimeout(timer);
  }

  #take(message: Answer | Report): void {
    if ('given' in message) this.given.push(message.given);
    if ('handled' in message) {
      this.handled.push(message.handled);
      this.handledAt.set(message.handled, BigInt(message.at));
    }
    if (!('id' in message)) return;
    const call = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) call?.resolve(message.value);
    else call?.reject(new Error(message.error));
  }

  #failAll(): void {
    for (const call of this.#waiting.values()) call.reject(new Error(`it ended\n${this.output}`));
    this.#waiting.clear();
  }
}
