import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { packageRoot } from './cli.ts';
import { freePort } from './ports.ts';
import { compileCache } from './shared-folder.ts';

/** An emitted service as a process, started as in production. */
export class RunningService {
  readonly url: string;
  /** Where a gateway, which does not show them to its callers, answers `GET /metrics`. */
  readonly metricsUrl: string;
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  output = '';

  private constructor(url: string, metricsUrl: string, child: ChildProcess) {
    this.url = url;
    this.metricsUrl = metricsUrl;
    this.child = child;
    this.exited = once(child, 'exit').then(([code]) => code);
    child.stdout?.on('data', (data) => {
      this.output += data;
    });
    child.stderr?.on('data', (data) => {
      this.output += data;
    });
  }

  static async start(folder: string, environment: Record<string, string>): Promise<RunningService> {
    const port = await freePort();
    const metricsPort = await freePort();
    const node = path.join(packageRoot, 'node_modules/.bin/node');
    const child = spawn(node, ['src/main.ts'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        ...compileCache(),
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: String(port),
        // Any that is free; whoever needs to know it gives one.
        GRPC_PORT: '0',
        METRICS_PORT: String(metricsPort),
        SHUTDOWN_DRAIN_MS: '0',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const host = 'http://127.0.0.1';
    return new RunningService(`${host}:${port}`, `${host}:${metricsPort}/metrics`, child);
  }

  /** The status of a probe, or 0 when nobody answers. */
  async status(probe: 'live' | 'ready' | 'startup'): Promise<number> {
    const answer = await fetch(`${this.url}/health/${probe}`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.status ?? 0;
  }

  /** Waits until it is ready, and has started what callers do not wait for, such as reading events. */
  async started(timeout = 40_000): Promise<void> {
    await this.waitFor('ready', 200, timeout);
    await vi.waitFor(
      async () => {
        const said = await (await fetch(`${this.url}/health/startup`)).text();
        if (!said.includes('"started"')) throw new Error(`${said}\n${this.output.slice(-3000)}`);
      },
      { timeout, interval: 100 },
    );
  }

  /** Waits until a probe answers with a status, and shows the service's log when it never does. */
  async waitFor(
    probe: 'live' | 'ready' | 'startup',
    status: number,
    timeout = 40_000,
  ): Promise<void> {
    await vi.waitFor(
      async () => {
        const seen = await this.status(probe);
        if (seen !== status)
          throw new Error(`${probe} is ${seen}, not ${status}\n${this.output.slice(-3000)}`);
      },
      { timeout, interval: 100 },
    );
  }
}
