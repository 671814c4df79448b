import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Emitted, emit, type Kind } from '../shutdown/subjects.ts';
import { packageRoot } from '../support/cli.ts';
import { installedDependencies } from '../support/dependencies.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { RunningService } from '../support/running-service.ts';

let dependencies: Awaited<ReturnType<typeof installedDependencies>>;

beforeAll(async () => {
  dependencies = await installedDependencies();
});

afterAll(() => dependencies.dispose());

const { PATH = '' } = process.env;
const node = path.join(packageRoot, 'node_modules/node/bin/node');
/** Whether a process can be given a network of its own. */
const ownNetwork = ['--net', 'ip', 'link', 'set', 'lo', 'up'];
const hasNetworks = (await execa('unshare', ownNetwork, { reject: false })).exitCode === 0;

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
    const body = await RawConnection.open(service.url, `${post}Content-Length: 50\r\n\r\n{"ref`);
    expect(await head.receive('}', 14_000)).toContain('HTTP/1.1 408');
    expect(performance.now() - begun).toBeGreaterThan(9000);
    expect(await body.receive('}', 25_000)).toContain('HTTP/1.1 408');
    // When nothing comes, a gateway gives up sooner: after SLOW_UPLOAD_MS, or twice that.
    const [least, most] = kind === 'gateway' ? [10_000, 20_000] : [30_000, 30_000];
    expect(performance.now() - begun).toBeGreaterThan(least - 1000);
    expect(performance.now() - begun).toBeLessThan(most + 5000);
  });

  test.skipIf(!hasNetworks)(
    'is asked for its health where it listens, although PORT is empty',
    async () => {
      // The usual port may be taken on this machine, but is free in a network of its own.
      const check = await healthCheckIn(path.join(emitted.folder, 'Dockerfile'));
      const script = `ip link set lo up && PORT= HOST=127.0.0.1 exec ${node} src/main.ts`;
      const child = spawn('unshare', ['--net', 'sh', '-c', script], {
        cwd: emitted.folder,
        env: { ...process.env, ...emitted.environment, NODE_ENV: 'production', METRICS_PORT: '0' },
        stdio: 'ignore',
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const network = ['--net', '--target', String(child.pid), node, ...check];
      const asked = (environment: object) => () =>
        execa('nsenter', network, { reject: false, env: { PATH, ...environment } });
      await expect.poll(asked({ PORT: '' }), { timeout: 30_000 }).toMatchObject({ exitCode: 0 });
      expect(await asked({ PORT: ' ' })()).toMatchObject({ exitCode: 0 });
      expect(await asked({ PORT: '1' })()).toMatchObject({ exitCode: 1 });
    },
  );
});

describe('a service', () => {
  let root: string;
  let emitted: Emitted;
  let url: string;

  beforeAll(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-http-'));
    emitted = await emit('service', root, dependencies.folder);
  });

  beforeEach(async () => {
    const service = await RunningService.start(emitted.folder, {});
    await service.waitFor('ready', 200);
    url = service.url;
  });

  afterAll(() => fs.rm(root, { recursive: true, force: true }));

  const create = (body: string, type = 'application/json') =>
    fetch(`${url}/orders`, { method: 'POST', headers: { 'content-type': type }, body });
  const createOf = (reference: string) => create(JSON.stringify({ reference }));

  test('says what no answer without content has, with a 304', async () => {
    const created = await createOf('A-1');
    const { id } = JSON.parse(await created.text());
    const connection = await RawConnection.open(
      url,
      `GET /orders/${id} HTTP/1.1\r\nHost: x\r\nIf-None-Match: ${created.headers.get('etag')}\r\n\r\n`,
    );
    onTestFinished(() => connection.close());
    const [status, ...fields] = (await connection.receive('\r\n\r\n')).split('\r\n');
    expect(status).toContain('304');
    const names = fields.map((field) => field.split(':')[0]?.toLowerCase());
    expect(names).toContain('etag');
    for (const name of ['content-length', 'content-type', 'transfer-encoding'])
      expect(names).not.toContain(name);
  });

  test('takes no text of another media type: 415', async () => {
    for (const type of ['text/plain', 'text/csv', 'application/xml', 'application/jsonx']) {
      const answer = await create(JSON.stringify({ reference: 'A-1' }), type);
      expect([type, answer.status]).toEqual([type, 415]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  test('finds the route of a path whose parameter is long', async () => {
    for (const length of [99, 101, 5000]) {
      const answer = await fetch(`${url}/orders/${'x'.repeat(length)}`);
      // Fastify itself would know no such path: 404.
      expect([length, answer.status]).toEqual([length, 400]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.headers.get('x-request-id')).not.toBeNull();
    }
  });

  test('takes as a reference what its document says, and nothing else', async () => {
    const document = JSON.parse(await (await fetch(`${url}/openapi.json`)).text());
    const { schema } = document.paths['/orders'].post.requestBody.content['application/json'];
    const { minLength, maxLength, pattern } = schema.properties.reference;
    /** By the rules of JSON Schema: what is counted is characters. */
    const fits = (text: string) =>
      new RegExp(pattern, 'u').test(text) &&
      [...text].length >= minLength &&
      [...text].length <= maxLength;
    const references = [
      ...[
        '',
        ' ',
        '\u00a0 \u2003',
        'x',
        ' x ',
        'ünï ✓ 🦊',
        '\ud83e\udd8a',
        'a\tb',
        '\u0000',
        '\u009f',
      ],
      ...['\ud800', 'half \udfff one', '🦊'.repeat(200), '🦊'.repeat(201), 'x'.repeat(201)],
    ];
    const taken = references.filter((reference) => fits(reference));
    expect(taken).toHaveLength(5);
    for (const reference of references) {
      const answer = await createOf(reference);
      expect([reference, answer.status]).toEqual([reference, fits(reference) ? 201 : 400]);
      if (answer.status === 201) expect(await answer.json()).toMatchObject({ reference });
    }
  });
});

/** The command by which an engine looks whether a container is healthy, after the name of the program. */
async function healthCheckIn(dockerfile: string): Promise<string[]> {
  const text = await fs.readFile(dockerfile, 'utf8');
  const [, json] = /^HEALTHCHECK [^[]*CMD (\[.*\])$/ms.exec(text.split('\nCMD [')[0] ?? '') ?? [];
  const [program, ...args]: string[] = JSON.parse(json ?? '[]');
  expect(program).toBe('node');
  return args;
}
