import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { execa } from 'execa';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../../../test/support/cli.ts';
import { freePort } from '../../../test/support/ports.ts';
import { haveServers, Servers } from '../../../test/support/servers.ts';
import { readPart } from '../../src/config/index.ts';
import {
  type CloudEvent,
  eventOf,
  expectConfirmed,
  type Message,
  messageOf,
} from '../../src/events/index.ts';
import { KafkaBus, kafkaConfig } from '../../src/kafka/index.ts';

const node = path.join(packageRoot, 'node_modules/node/bin/node');
const examples = path.join(packageRoot, 'chassis/examples');
const servers = new Servers();
const haveAll = haveServers({ bus: 'kafka', datastore: 'postgres' });
beforeAll(async () => {
  if (haveAll) await Promise.all([servers.store('postgres'), servers.bus('kafka')]);
});
afterAll(() => servers.dispose());

/** Starts one of the applications that use the chassis without the generator. Returns where it listens. */
async function startExample(name: string, environment: Readonly<Record<string, string>>) {
  const port = String(await freePort());
  const child = spawn(node, [path.join(examples, name)], {
    env: { PATH: process.env.PATH ?? '', ...environment, PORT: port },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(
    async () => expect((await fetch(`${url}/health/live`)).status).toBe(200),
    20_000,
  );
  return { url, child };
}

test('a Fastify application of its own takes probes and a client with a policy', async () => {
  const port = await freePort();
  const prices = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('12'),
  ).listen(port, '127.0.0.1');
  onTestFinished(() => void prices.close());
  const { url, child } = await startExample('policy-and-probes.ts', {
    PRICES_URL: `http://127.0.0.1:${port}`,
  });
  const article = async () => (await fetch(`${url}/articles/tea`)).json();
  expect(await article()).toEqual({ article: 'tea', price: 12 });
  prices.closeAllConnections();
  await new Promise((resolve) => prices.close(resolve));
  await vi.waitFor(async () => {
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({
      status: 'ready',
      checks: { prices: { status: 'down' } },
    });
  }, 20_000);
  expect(await article()).toEqual({ article: 'tea', price: null });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a gateway of its own forwards, limits, and says which variable is missing', async () => {
  const port = await freePort();
  const orders = createServer((request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end(`asked for ${request.url}`),
  ).listen(port, '127.0.0.1');
  onTestFinished(() => void orders.close());
  const { url, child } = await startExample('gateway.ts', {
    ORDERS_URL: `http://127.0.0.1:${port}`,
    METRICS_PORT: String(await freePort()),
    RATE_LIMIT_PER_MINUTE: '3',
  });
  const ask = () => fetch(`${url}/api/orders/1?full=yes`);
  expect(await (await ask()).text()).toBe('asked for /orders/1?full=yes');
  expect((await fetch(`${url}/api/orders/..%2fadmin`)).status).toBe(400);
  await expect.poll(async () => (await ask()).status).toBe(429);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  const { stderr, exitCode } = await execa(node, [path.join(examples, 'gateway.ts')], {
    env: { PATH: process.env.PATH ?? '' },
    extendEnv: false,
    reject: false,
  });
  expect({ stderr, exitCode }).toEqual({
    stderr: expect.stringContaining('ORDERS_URL'),
    exitCode: 1,
  });
});

test('a service of its own answers errors in its own form, and its document says so', async () => {
  const { url, child } = await startExample('own-errors.ts', {});
  const ask = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init);
  expect((await ask('/articles/1')).status).toBe(200);
  const answers = [
    await ask('/articles/2'),
    await ask('/nowhere'),
    await ask('/articles/1', { method: 'DELETE' }),
    await ask('/articles/%ff'),
    await ask('/articles/x'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 405, 400, 400]);
  for (const answer of answers)
    expect(await answer.json()).toMatchObject({
      error: {
        code: `E${answer.status}`,
        requestId: answer.headers.get('x-request-id'),
        details: answer.url.endsWith('/x') ? [expect.stringContaining('/id')] : [],
      },
    });
  expect(await (await ask('/openapi.json')).text()).toContain(
    '"404":{"description":"There is none with that id","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"',
  );
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

const consumer = test.skipIf(!haveAll);
const slow = { timeout: 120_000 };
consumer('a consumer has the effect of an event once, and publishes once', slow, async () => {
  const store = await servers.store('postgres');
  const kafka = await servers.bus('kafka');
  const { DATABASE_URL = '' } = (await store?.database('stock')) ?? {};
  const others = await openBus(kafka.environment);
  const published: Message[] = [];
  await vi.waitFor(
    () => others.consume(['stock.stock-reserved.v1'], async (one) => void published.push(one)),
    20_000,
  );
  const { url, child } = await startExample('consumer.ts', {
    ...kafka.environment,
    ...{ DATABASE_URL, EVENTS_CREATE_TOPICS: 'true', SHUTDOWN_DRAIN_MS: '0' },
  });
  const first = orderCreated(2);
  const events = [first, first, first, orderCreated(5)].map((event) => messageOf(event));
  expectConfirmed(await others.publish(events));
  await vi.waitFor(() => expect(published.length).toBeGreaterThanOrEqual(2), 40_000);
  const said = published.map((message) => eventOf(message));
  expect(said.map(({ source, subject, data }) => [source, subject, data])).toEqual([
    ['/stock', 'tea', { article: 'tea', reserved: 2 }],
    ['/stock', 'tea', { article: 'tea', reserved: 7 }],
  ]);
  expect(await rowsOf(DATABASE_URL, 'select * from stock')).toEqual([
    { article: 'tea', reserved: 7 },
  ]);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

/** An order for some tea, as another service says it. */
function orderCreated(quantity: number): CloudEvent {
  return {
    ...{ specversion: '1.0', id: randomUUID(), source: '/orders', subject: 'order-1' },
    ...{ type: 'orders.order-created.v1', datacontenttype: 'application/json' },
    data: { article: 'tea', quantity },
  };
}

/** The bus as other services see it, with the topics of both sides. */
async function openBus(environment: Readonly<Record<string, string>>) {
  const events = { inTheWorks: 16, createTopics: true, partitions: 2, retentionHours: 1 };
  const log = pino({ level: 'silent' });
  const bus = new KafkaBus(readPart(kafkaConfig, environment), { service: 'orders', events, log });
  onTestFinished(async () => {
    await bus.stopConsuming();
    await bus.close();
  });
  const consumed = ['stock.stock-reserved.v1'];
  const topics = ['orders.order-created.v1', ...consumed];
  await bus.connect({ events: topics, consumed, deadLetters: 'orders.dead-letter' });
  return bus;
}

async function rowsOf(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
