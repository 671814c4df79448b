import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { freePort, type Variables } from '../stand-ins/index.ts';
import type { OnFinished } from './isolated.ts';

/** Every port is one that is free. */
const freePorts: Variables = { PORT: '0', GRPC_PORT: '0', METRICS_PORT: '0' };

/** What a service under test is configured by, unless a test wants it otherwise: it logs nothing, and no port is taken. */
export const quietly: Variables = { ...freePorts, LOG_LEVEL: 'silent' };

/** A service in this process, as far as it is asked here. */
type Asked = Pick<FastifyInstance, 'inject'>;

/**
 * Waits until a service in this process is ready and has started.
 *
 * @param limit milliseconds.
 * @throws Error with its last answer when it takes longer.
 */
export async function whenStarted(app: Asked, limit = 10_000): Promise<void> {
  await withinTime(limit, async () => {
    const ready = await app.inject('/health/ready');
    if (ready.statusCode !== 200) return ready.body;
    const startup = await app.inject('/health/startup');
    return startup.json().status === 'started' ? undefined : startup.body;
  });
}

/** A service as a process of its own, answering probes. */
export interface ServiceProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** The exit code, once it has ended. */
  readonly exited: Promise<number | null>;
}

/**
 * Starts a service as a process of its own, on a free port, and waits until it is ready and has started. It
 * is killed when the test is over.
 *
 * @param program file of the process, from the folder of this one.
 * @param environment its whole environment; what is not given is that of a test.
 */
export async function startProcess(
  program: string,
  environment: NodeJS.ProcessEnv,
  onFinished: OnFinished,
): Promise<ServiceProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    env: {
      ...freePorts,
      LOG_LEVEL: 'error',
      HOST: '127.0.0.1',
      PORT: String(port),
      SHUTDOWN_DRAIN_MS: '0',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit').then(([code]) => code);
  const url = `http://127.0.0.1:${port}`;
  await withinTime(15_000, async () => {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    const ready = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (!ready?.ok) return 'not ready';
    const startup = await (await fetch(`${url}/health/startup`)).text();
    return startup.includes('"started"') ? undefined : startup;
  });
  return { url, child, exited };
}

/** Asks again and again, until nothing is missing. */
async function withinTime(limit: number, missing: () => Promise<string | undefined>) {
  const end = performance.now() + limit;
  while (true) {
    const reason = await missing();
    if (reason === undefined) return;
    if (performance.now() > end) throw new Error(`the service has not started: ${reason}`);
    await delay(50);
  }
}
