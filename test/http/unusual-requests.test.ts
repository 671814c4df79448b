import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Emitted, emit, type Kind } from '../shutdown/subjects.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { RunningService } from '../support/running-service.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

const post = 'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

/** What is sent, and the status that it is answered with. */
const unreadable: Readonly<Record<string, readonly [sent: string, status: number]>> = {
  'a path that cannot be decoded': ['GET /orders/% HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  'a path of no route that cannot be decoded': ['GET /%ff/x?y=1 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  'a header line without a colon': ['GET /orders HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n', 400],
  'what is not HTTP': ['\x16\x03\x01\x02\r\n\r\n', 400],
  'a head that is too large': [
    `GET /orders HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
  ],
};

describe.each<Kind>(['service', 'gateway'])('a %s', (kind) => {
  let root: string;
  let emitted: Emitted;

  beforeAll(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-http-'));
    emitted = await emit(kind, root, dependencies.folder);
  });

  afterAll(async () => {
    await emitted.dispose();
    await fs.rm(root, { recursive: true, force: true });
  });

  async function running(environment: Readonly<Record<string, string>> = {}) {
    const service = await RunningService.start(emitted.folder, {
      ...emitted.environment,
      LOG_LEVEL: 'info',
      ...environment,
    });
    await service.waitFor('ready', 200);
    return service;
  }

  test('answers what it cannot read with problem details and an id, which it logs', async () => {
    const service = await running();
    for (const [what, [sent, status]] of Object.entries(unreadable)) {
      const connection = await RawConnection.open(service.url, sent);
      onTestFinished(() => connection.close());
      const answer = await connection.receive('}');
      expect(answer, what).toContain(`HTTP/1.1 ${status} `);
      expect(answer.toLowerCase(), what).toContain('content-type: application/problem+json');
      const id = /x-request-id: (\S+)/i.exec(answer)?.[1] ?? 'none';
      await expect.poll(() => service.output, { message: what }).toContain(`"reqId":"${id}"`);
      expect(JSON.parse(answer.slice(answer.indexOf('{'))), what).toMatchObject({ status });
    }
  });

  test('tells probes not to be kept, and takes blank variables for missing ones', async () => {
    const service = await running({ SHUTDOWN_TIMEOUT_MS: ' ', MAX_BODY_BYTES: '\t' });
    for (const probe of ['live', 'ready', 'startup']) {
      const answer = await fetch(`${service.url}/health/${probe}`);
      expect(answer.headers.get('cache-control'), probe).toBe('no-store');
    }
  });

  test('notes that a caller has gone, and does not take it for a failure of its own', async () => {
    const service = await running();
    const waiting = await RawConnection.open(
      service.url,
      'GET /orders/slow HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    const sending = await RawConnection.open(service.url, `${post}Content-Length: 50\r\n\r\n{"ref`);
    const reading = await RawConnection.open(
      service.url,
      'GET /orders/stream HTTP/1.1\r\nHost: x\r\n\r\n',
    );
    await reading.receive('piece');
    for (const connection of [waiting, sending, reading]) connection.close();
    const gone = () => service.output.split('"statusCode":499').length - 1;
    await expect.poll(gone).toBe(3);
    // Until what was asked for would have been answered.
    await delay(1000);
    expect(gone()).toBe(3);
    expect(service.output).not.toMatch(/"level":[56]0/);
    const shown = kind === 'gateway' ? service.metricsUrl : `${service.url}/metrics`;
    const metrics = await (await fetch(shown)).text();
    const counted = /http_request_duration_seconds_count\{.*status_code="499".*\} (\d+)/g;
    const times = [...metrics.matchAll(counted)].map(([, count]) => Number(count));
    expect(times.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('ends a connection whose request does not come to its end', {
    timeout: 90_000,
  }, async () => {
    const limits = { HEADERS_TIMEOUT_MS: '10000', REQUEST_TIMEOUT_MS: '30000' };
    const service = await running(limits);
    const begun = performance.now();
    const head = await RawConnection.open(service.url, 'GET /orders HTTP/1.1\r\nHo');
    expect(await head.receive('}', 14_000)).toContain('HTTP/1.1 408');
    expect(performance.now() - begun).toBeGreaterThan(9000);
  });
});
