import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ShippingClient } from '../src/clients/shipping-client.ts';
import { startProcess } from './support/process.ts';

function clientOf(origin: string): ShippingClient {
  const client = new ShippingClient(origin, {
    log: { warn: () => undefined },
    metrics: new Registry(),
  });
  onTestFinished(() => client.close());
  return client;
}

test('the client creates, reads, changes, lists and deletes over a real connection', async () => {
  const { url } = await startProcess();
  const client = clientOf(url);
  const created = await client.create('from the client');
  expect(await client.read(created.id)).toEqual(created);
  const twice = [await client.create('twice', 'key'), await client.create('twice', 'key')];
  expect(twice[0]).toEqual(twice[1]);
  expect(await client.read('018f0000-0000-7000-8000-000000000000')).toBeUndefined();
  const closed = await client.update(created, { status: 'closed' });
  expect(closed).toMatchObject({ reference: 'from the client', status: 'closed', version: 2 });
  await expect(client.update(created, { status: 'open' })).rejects.toMatchObject({ status: 412 });
  await expect(client.delete(created)).rejects.toMatchObject({ status: 412 });
  expect(await Array.fromAsync(client.list())).toContainEqual(closed);
  await client.delete(closed);
  await client.delete(closed);
  expect(await client.read(created.id)).toBeUndefined();
});

test('the client repeats a read that failed once', async () => {
  let calls = 0;
  const body = { id: '018f0000-0000-7000-8000-000000000000', reference: 'x', status: 'open' };
  const times = {
    version: 1,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
  };
  const server = createServer((_request, response) => {
    calls += 1;
    if (calls === 1) response.writeHead(503).end();
    else response.end(JSON.stringify({ ...body, ...times }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  expect(await clientOf(`http://127.0.0.1:${port}`).read(body.id)).toMatchObject(body);
  expect(calls).toBe(2);
});

test('a change whose answer was lost is made once, and known as its own', async () => {
  const { url } = await startProcess();
  const seen = await clientOf(url).create('lost');
  const statuses: number[] = [];
  const forgetful = createServer(async (request, response) => {
    const { method = 'GET', headers } = request;
    const sent: Record<string, string> = { 'content-type': 'application/json' };
    if (headers['if-match'] !== undefined) sent['if-match'] = headers['if-match'];
    const text = Buffer.concat(await Array.fromAsync(request)).toString();
    const body = text === '' ? {} : { body: text };
    const answer = await fetch(`${url}${request.url}`, { method, headers: sent, ...body });
    statuses.push(answer.status);
    if (statuses.length === 1) response.socket?.destroy();
    else response.writeHead(answer.status).end(await answer.text());
  }).listen(0, '127.0.0.1');
  await once(forgetful, 'listening');
  onTestFinished(() => void forgetful.close());
  const address = forgetful.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const client = clientOf(`http://127.0.0.1:${port}`);
  const closed = await client.update(seen, { status: 'closed' });
  expect(closed).toMatchObject({ status: 'closed', version: 2 });
  expect(statuses).toEqual([200, 412, 200]);
  await expect(client.update(seen, { status: 'open' })).rejects.toMatchObject({ status: 412 });
});

test('a request in flight when SIGTERM comes is served to its end', async () => {
  const { url, child, exited } = await startProcess();
  const slow = request(`${url}/shipping`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  slow.write('{"reference":');
  await once(slow, 'socket').then(([socket]) => socket.connecting && once(socket, 'connect'));
  await fetch(`${url}/health/live`);
  child.kill('SIGTERM');
  await vi.waitUntil(async () => {
    const answer = await fetch(`${url}/health/live`).catch(() => undefined);
    return answer === undefined;
  });
  slow.end('"in flight"}');
  const [response] = await once(slow, 'response');
  expect(response.statusCode).toBe(201);
  response.resume();
  expect(await exited).toBe(0);
});
