import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../src/stand-ins/index.ts';
import { startGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';

test('metrics are on a port of their own, and not where callers come in', async () => {
  const upstream = await startUpstream();
  const port = await freePort();
  const environment = { METRICS_PORT: String(port), HOST: '127.0.0.1' };
  const { url } = await startGateway(upstream.url, { environment });
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await answer.text()).toContain('circuit_breaker_state{dependency="things"} 0');
  expect((await fetch(`http://127.0.0.1:${port}/api/things`)).status).toBe(404);
});

test('a port for metrics that is taken keeps it from starting, and is named', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const address = taken.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const environment = { METRICS_PORT: String(address.port), HOST: '127.0.0.1' };
  await expect(startGateway('http://127.0.0.1:9', { environment })).rejects.toThrow(
    `Port ${address.port} is in use by another process: set METRICS_PORT to a free one.`,
  );
});
