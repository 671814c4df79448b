import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { testParts } from './parts.ts';

/** The service as a process of its own, answering probes. */
export interface ServiceProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** The exit code, once it has ended. */
  readonly exited: Promise<number | null>;
}

/** Starts the service as the script `dev` does, on the servers of the test, and waits until it has started. */
export async function startProcess(
  environment: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const port = await freePort();
  const parts = await testParts();
  const child = spawn(process.execPath, ['development/main.ts'], {
    env: {
      PATH: process.env.PATH ?? '',
      LOG_LEVEL: 'error',
      HOST: '127.0.0.1',
      PORT: String(port),
      SHUTDOWN_DRAIN_MS: '0',
      ...parts.environment,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit').then(([code]) => code);
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => {
    const { ok } = await fetch(`${url}/health/ready`);
    if (!ok) throw new Error('not ready');
    const startup = await (await fetch(`${url}/health/startup`)).text();
    if (!startup.includes('"started"')) throw new Error(startup);
  }, 15_000);
  return { url, child, exited };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
