import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithPackageManager, type Signals, type StopSignal } from '../signals/index.ts';
import type { StandIns } from '../stand-ins/index.ts';
import { givenIn, startStandIns } from './started-stand-ins.ts';

/** Milliseconds in which nothing more may change before the service is started anew. */
const quiet = 100;

interface Watched {
  /** The program that runs the service by `develop`. */
  readonly program: string;
  readonly standIns: StandIns;
  /** The folder of the service. */
  readonly root: string;
}

/**
 * Runs a service in a process of its own until a signal, and starts it anew whenever a file of its `src`
 * or `development` changes. Servers that stand in go on meanwhile, and stop after it. A service that cannot
 * start ends this process with its exit code; one that cannot start any more waits for the next change.
 */
export async function watch(
  { program, standIns, root }: Watched,
  environment: NodeJS.ProcessEnv,
  signals: Signals,
): Promise<void> {
  const given = givenIn(environment);
  endWithPackageManager(environment);
  const { substitutes, stop } = await startStandIns(standIns, given, root, signals);
  const variables = Object.assign({}, ...substitutes.map((each) => each.environment), given);
  const service = new Runs(program, variables);
  const stopped = Promise.withResolvers<'stopped'>();
  signals.handle((signal) => {
    service.signal(signal);
    stopped.resolve('stopped');
  });
  const changes = new Changes([path.join(root, 'src'), path.join(root, 'development')]);
  const code = await runUntil(stopped.promise, service, changes);
  await stop();
  process.exit(code);
}

/** Returns the exit code when it is not to be started any more. */
async function runUntil(
  stopped: Promise<'stopped'>,
  service: Runs,
  changes: Changes,
): Promise<number> {
  while (true) {
    const exited = service.start();
    const changed = changes.next();
    const ended = await Promise.race([exited, changed, stopped]);
    if (ended === 'stopped') return exited;
    if (ended === 'changed') {
      service.signal('SIGTERM');
      if ((await Promise.race([exited, stopped])) === 'stopped') return exited;
    } else if (ended === 0 || !service.hasListened) {
      return ended;
    } else {
      console.error('The service has ended. It is started again when a file changes.');
      if ((await Promise.race([changed, stopped])) === 'stopped') return 0;
    }
  }
}

/** The processes in which a service runs, one after the other. */
class Runs {
  /** Whether one of them came so far that it listened. */
  hasListened = false;
  readonly #program: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;

  constructor(program: string, environment: NodeJS.ProcessEnv) {
    this.#program = program;
    this.#environment = environment;
  }

  /** Resolves to its exit code. */
  async start(): Promise<number> {
    this.#child = spawn(process.execPath, [this.#program], {
      env: this.#environment,
      // By the channel it learns that this process is gone, however that ended.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.once('message', () => {
      this.hasListened = true;
    });
    const [code] = await once(this.#child, 'exit');
    return code ?? 1;
  }

  signal(signal: StopSignal): void {
    this.#child?.kill(signal);
  }
}

/** What changes in some folders. */
class Changes {
  #changed = Promise.withResolvers<void>();

  constructor(folders: readonly string[]) {
    for (const folder of folders.filter((each) => fs.existsSync(each))) {
      const watcher = fs.watch(folder, { recursive: true }, () => this.#changed.resolve());
      watcher.on('error', ({ message }) =>
        console.error(`Changes in ${folder} are not seen: ${message}`),
      );
    }
  }

  /** Waits until something changes, and then nothing more for a moment. */
  async next(): Promise<'changed'> {
    this.#changed = Promise.withResolvers();
    await this.#changed.promise;
    let isQuiet = false;
    while (!isQuiet) {
      this.#changed = Promise.withResolvers();
      const changed = this.#changed.promise.then(() => false);
      isQuiet = await Promise.race([changed, delay(quiet, true)]);
    }
    return 'changed';
  }
}
