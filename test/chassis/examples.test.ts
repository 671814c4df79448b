import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../support/cli.ts';
import { freePort } from '../support/ports.ts';

const node = path.join(packageRoot, 'node_modules/node/bin/node');
const examples = path.join(packageRoot, 'chassis/examples');

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
