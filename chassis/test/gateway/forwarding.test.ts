import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';

test('method, path, query, headers and body reach the upstream, and its answer the caller', async () => {
  let body = '';
  const upstream = await startUpstream(async (incoming, response) => {
    body = await text(incoming);
    response.writeHead(201, { 'x-kind': 'thing', 'set-cookie': ['a=1', 'b=2'] }).end('made');
  });
  const { url } = await startGateway(upstream.url);
  const answer = await fetch(`${url}/api/things/1/parts?x=1&y=%2F`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json', 'x-own': 'mine' },
    body: '{"a":1}',
  });
  expect([answer.status, await answer.text()]).toEqual([201, 'made']);
  expect(answer.headers.get('x-kind')).toBe('thing');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(body).toBe('{"a":1}');
  expect(upstream.seen).toMatchObject([
    {
      method: 'PATCH',
      url: '/things/1/parts?x=1&y=%2F',
      headers: { 'content-type': 'application/merge-patch+json', 'x-own': 'mine' },
    },
  ]);
});

test.each([
  ['GET', 200],
  ['HEAD', 200],
  ['DELETE', 204],
  ['OPTIONS', 204],
  ['POST', 201],
])('%s without a body is answered with %i', async (method, status) => {
  const upstream = await startUpstream((_incoming, response) => {
    const body = method === 'GET' || method === 'HEAD' ? 'a thing' : '';
    response.writeHead(status, body === '' ? {} : { 'content-length': body.length }).end(body);
  });
  const { url } = await startGateway(upstream.url);
  const answer = await fetch(`${url}/api/things`, { method });
  expect(answer.status).toBe(status);
  expect(await answer.text()).toBe(method === 'GET' ? 'a thing' : '');
  if (method === 'HEAD') expect(answer.headers.get('content-length')).toBe('7');
  expect(upstream.seen).toMatchObject([{ method, url: '/things' }]);
});

test('only the path that was opened is forwarded, and what is below it', async () => {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url);
  for (const path of ['/api/thingsx', '/api', '/things', '/api/thing%73/1', '/API/things'])
    expect((await fetch(url + path)).status, path).toBeGreaterThanOrEqual(400);
  expect(upstream.seen).toEqual([]);
  const long = `/api/things/${'x'.repeat(4000)}`;
  expect((await fetch(url + long)).status).toBe(200);
});

test('bodies flow both ways at once: what is sent comes back before the rest is sent', async () => {
  const upstream = await startUpstream((incoming, response) => void incoming.pipe(response));
  const { url } = await startGateway(upstream.url);
  const outgoing = request(`${url}/api/things`, { method: 'POST' });
  outgoing.write('first');
  const [response] = await once(outgoing, 'response');
  expect(String((await once(response, 'data'))[0])).toBe('first');
  outgoing.end('second');
  expect(await text(response)).toBe('second');
});

const megabyte = Buffer.alloc(1_000_000, 'x');

/** Writes 100 MB as fast as they are taken; `written` says how far it has come, in MB. */
function writeMuch(target: Writable): { written: number } {
  const progress = { written: 0 };
  const goOn = (): void => {
    while (progress.written < 100) {
      progress.written += 1;
      if (!target.write(megabyte)) return void target.once('drain', goOn);
    }
    target.end();
  };
  goOn();
  return progress;
}

/** Waits until nothing has moved for a while, and returns how far it has come. */
async function stalledAt(progress: { written: number }): Promise<number> {
  let last = -1;
  await vi.waitUntil(
    () => {
      const isStalled = progress.written === last;
      last = progress.written;
      return isStalled;
    },
    { interval: 300, timeout: 10_000 },
  );
  return last;
}

async function sizeOf(stream: Readable): Promise<number> {
  let size = 0;
  for await (const chunk of stream) size += chunk.length;
  return size;
}

test('a request of 100 MB flows as fast as the upstream reads it, and is not kept meanwhile', async () => {
  const held: { incoming: IncomingMessage; response: ServerResponse }[] = [];
  const upstream = await startUpstream((incoming, response) => {
    held.push({ incoming, response });
  });
  const environment = { MAX_BODY_BYTES: '100000000' };
  const { url } = await startGateway(upstream.url, { environment });
  const outgoing = request(`${url}/api/things`, { method: 'PUT' });
  const answered = once(outgoing, 'response');
  const progress = writeMuch(outgoing);
  await vi.waitUntil(() => held.length === 1);
  expect(await stalledAt(progress)).toBeLessThan(30);
  const [{ incoming, response } = { incoming: Readable.from([]), response: undefined }] = held;
  expect(await sizeOf(incoming)).toBe(100_000_000);
  response?.end();
  const [answer] = await answered;
  expect(answer.statusCode).toBe(200);
  answer.resume();
});

test('an answer of 100 MB flows as fast as the caller reads it, and is not kept meanwhile', async () => {
  const begun: { written: number }[] = [];
  const upstream = await startUpstream((_incoming, response) => {
    begun.push(writeMuch(response));
  });
  const { url } = await startGateway(upstream.url);
  const outgoing = request(`${url}/api/things`).end();
  const [answer] = await once(outgoing, 'response');
  expect(await stalledAt(begun[0] ?? { written: 100 })).toBeLessThan(30);
  expect(await sizeOf(answer)).toBe(100_000_000);
});

test('no redirect is followed, and one below the upstream is one below the gateway', async () => {
  const upstream = await startUpstream(({ headers }, response) => {
    const location = String(headers['x-location']).replace('ORIGIN', `http://${headers.host}`);
    response.writeHead(302, { location }).end();
  });
  const { url } = await startGateway(upstream.url);
  const leadsTo = async (location: string) => {
    const headers = { 'x-location': location };
    const answer = await fetch(`${url}/api/things/1`, { redirect: 'manual', headers });
    expect(answer.status).toBe(302);
    return answer.headers.get('location');
  };
  expect(await leadsTo('/things/2?a=b')).toBe('/api/things/2?a=b');
  expect(await leadsTo('ORIGIN/things')).toBe('/api/things');
  expect(await leadsTo('/thingsx')).toBe('/thingsx');
  expect(await leadsTo('//elsewhere/things')).toBe('//elsewhere/things');
  expect(await leadsTo('https://elsewhere/things/3')).toBe('https://elsewhere/things/3');
  expect(upstream.seen).toHaveLength(5);
});
