import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { freePort } from '../support/ports.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { RunningService } from '../support/running-service.ts';
import { type Emitted, emit, type Kind } from './subjects.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

const [drainMs, timeoutMs] = [300, 4300];

describe.each<Kind>(['service', 'gateway'])('a %s that is told to stop', (kind) => {
  let root: string;
  let emitted: Emitted;

  beforeAll(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-stopped-'));
    emitted = await emit(kind, root, dependencies.folder);
  });

  afterAll(async () => {
    await emitted.dispose();
    await fs.rm(root, { recursive: true, force: true });
  });

  async function running(): Promise<RunningService> {
    const service = await RunningService.start(emitted.folder, {
      ...emitted.environment,
      LOG_LEVEL: 'info',
      SHUTDOWN_DRAIN_MS: String(drainMs),
      SHUTDOWN_TIMEOUT_MS: String(timeoutMs),
    });
    await service.waitFor('ready', 200);
    return service;
  }

  async function connected(service: RunningService, sent = ''): Promise<RawConnection> {
    const connection = await RawConnection.open(service.url, sent);
    onTestFinished(() => connection.close());
    return connection;
  }

  /** Stops it, and returns its exit code and how many milliseconds that took. */
  async function stopped(service: RunningService): Promise<{ code: number | null; ms: number }> {
    const begun = performance.now();
    service.child.kill('SIGTERM');
    const code = await service.exited;
    return { code, ms: performance.now() - begun };
  }

  test('waits neither for a silent connection, nor for half a head', async () => {
    const service = await running();
    await connected(service);
    await connected(service, 'GET /orders HTTP/1.1\r\nHos');
    const { code, ms } = await stopped(service);
    expect(code, service.output).toBe(0);
    expect(ms).toBeLessThan(drainMs + 1500);
  });

  test('waits for half a body, but not beyond its deadline', async () => {
    const service = await running();
    const head = 'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    const body = '{"reference":"late"}';
    const whole = await connected(service, `${head}Content-Length: 20\r\n\r\n${body.slice(0, 9)}`);
    const half = await connected(service, `${head}Content-Length: 20\r\n\r\n${body.slice(0, 9)}`);
    const stop = stopped(service);
    setTimeout(() => whole.send(body.slice(9)), drainMs + 500);
    expect(await whole.receive('\r\n\r\n')).toContain('HTTP/1.1 201');
    await half.closed;
    const { code, ms } = await stop;
    expect(code, service.output).toBe(0);
    expect(ms).toBeLessThan(timeoutMs + 1000);
  });

  test('announces on every answer that the connection closes, and resets none', async () => {
    const service = await running();
    const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const [early, idle] = [await connected(service), await connected(service)];
    for (const connection of [early, idle]) {
      connection.send(request('/orders'));
      expect(await connection.receive('\r\n\r\n')).toContain('HTTP/1.1 200');
    }
    const slow = await connected(service, request('/orders/slow'));
    const stream = await connected(service, request('/orders/stream'));
    await stream.receive('piece');
    const stop = stopped(service);
    await expect.poll(() => service.status('ready')).toBe(503);
    // One that was open before, and those that come while balancers still send.
    for (const [connection, path] of [
      [early, '/orders'],
      [await connected(service), '/orders/nothing/there'],
      [await connected(service), '/health/ready'],
    ] as const) {
      connection.send(request(path));
      expect((await connection.receive('\r\n\r\n')).toLowerCase()).toContain('connection: close');
    }
    expect((await slow.receive('\r\n\r\n')).toLowerCase()).toContain('connection: close');
    expect(await stream.receive('\r\n0\r\n')).toContain('piece');
    for (const connection of [early, idle, slow, stream])
      expect(await connection.closed).toBeUndefined();
    expect((await stop).code, service.output).toBe(0);
  });

  test('serves what is in flight to its end, however often it is told', async () => {
    const service = await running();
    const slow = await connected(service, 'GET /orders/slow HTTP/1.1\r\nHost: x\r\n\r\n');
    const stop = stopped(service);
    await expect.poll(() => service.status('ready')).toBe(503);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) service.child.kill(signal);
    expect(await slow.receive('\r\n\r\n')).toContain('HTTP/1.1 200');
    expect((await stop).code, service.output).toBe(0);
  });
});

test('a service that is told to stop does not wait for a silent connection to its gRPC port', async () => {
  const root = await temporaryFolder();
  const flags = ['--style', 'sync', '--datastore', 'none', '--protocol', 'grpc'];
  const { folder } = await emit('service', root, dependencies.folder, flags);
  const port = await freePort();
  const service = await RunningService.start(folder, {
    GRPC_PORT: String(port),
    SHUTDOWN_DRAIN_MS: String(drainMs),
    SHUTDOWN_TIMEOUT_MS: String(timeoutMs),
  });
  await service.waitFor('ready', 200);
  // One that says nothing, and one that has begun to speak HTTP/2.
  for (const sent of ['', 'PRI * HTTP/2.0\r\n']) {
    const connection = await RawConnection.open(`http://127.0.0.1:${port}`, sent);
    onTestFinished(() => connection.close());
  }
  const begun = performance.now();
  service.child.kill('SIGTERM');
  expect(await service.exited, service.output).toBe(0);
  expect(performance.now() - begun).toBeLessThan(drainMs + 1500);
});
