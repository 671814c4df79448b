import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { packageRoot } from '../support/cli.ts';
import { freePort } from '../support/ports.ts';

/** Starts one of the applications that use the chassis without the generator. Returns where it listens. */
async function startExample(name: string, environment: Readonly<Record<string, string>>) {
  const port = String(await freePort());
  const node = path.join(packageRoot, 'node_modules/node/bin/node');
  const child = spawn(node, [path.join(packageRoot, 'chassis/examples', name)], {
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
