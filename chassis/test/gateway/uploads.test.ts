import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';

/** A request whose body has begun, and is not finished. */
function upload(url: string, body: string, headers: Record<string, string> = {}): ClientRequest {
  const options = { method: 'POST', headers: { 'content-length': 1_000_000, ...headers } };
  const outgoing = request(`${url}/api/things`, options);
  outgoing.on('error', () => undefined).write(body);
  onTestFinished(() => void outgoing.destroy());
  return outgoing;
}

async function statusOf(outgoing: ClientRequest): Promise<number | undefined> {
  const [response] = await once(outgoing, 'response');
  response.resume();
  return response.statusCode;
}

test('a body that comes slowly takes no place before it is here', async () => {
  const upstream = await startUpstream(async (incoming, response) =>
    response.end(await text(incoming)),
  );
  const { url, metric } = await startGateway(upstream.url, { policy: { running: 2, waiting: 0 } });
  for (let count = 0; count < 5; count += 1) upload(url, '');
  for (let call = 0; call < 3; call += 1) {
    const answer = await fetch(`${url}/api/things`, { method: 'POST', body: 'small' });
    expect([answer.status, await answer.text()]).toEqual([200, 'small']);
  }
  expect(await metric('bulkhead_calls{dependency="things",state="running"}')).toBe(0);
});

test('uploads have half of the places, so that other calls always find one', async () => {
  const upstream = await startUpstream((incoming, response) => {
    if (incoming.method === 'GET') response.end();
  });
  const { url, metric } = await startGateway(upstream.url, { policy: { running: 4, waiting: 4 } });
  const begun = Array.from({ length: 3 }, () => upload(url, 'x'.repeat(100_000)));
  const refused = await Promise.race(begun.map(statusOf));
  expect(refused).toBe(429);
  await expect.poll(() => metric('bulkhead_calls{dependency="things",state="running"}')).toBe(1);
  expect((await fetch(`${url}/api/things`)).status).toBe(200);
});

test('a body that does not come is cut off', async () => {
  const upstream = await startUpstream((incoming) => void incoming.resume());
  const { url, metric } = await startGateway(upstream.url, {
    environment: { SLOW_UPLOAD_MS: '300' },
    policy: { failuresToOpen: 1 },
  });
  expect(await statusOf(upload(url, ''))).toBe(408);
  expect(await statusOf(upload(url, 'x'.repeat(100_000)))).toBe(408);
  expect(upstream.seen).toHaveLength(1);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(0);
});

test('a caller can send so many bodies at once, and another caller more', async () => {
  const upstream = await startUpstream();
  const environment = { UPLOADS_PER_CALLER: '2', TRUSTED_PROXIES: '127.0.0.1' };
  const { url } = await startGateway(upstream.url, { environment });
  const [first, second] = [upload(url, ''), upload(url, '')];
  for (const outgoing of [first, second]) outgoing.flushHeaders();
  await vi.waitFor(async () => expect(await statusOf(upload(url, ''))).toBe(429));
  const other = {
    method: 'POST',
    body: 'x'.repeat(100_000),
    headers: { 'x-forwarded-for': '::7' },
  };
  expect((await fetch(`${url}/api/things`, other)).status).toBe(200);
  first.destroy();
  const again = { method: 'POST', body: 'x'.repeat(100_000) };
  await vi.waitFor(async () => expect((await fetch(`${url}/api/things`, again)).status).toBe(200));
});

test('after an answer that did not need the body, the connection serves on', async () => {
  const upstream = await startUpstream((_incoming, response) => response.writeHead(409).end());
  const { url } = await startGateway(upstream.url);
  for (let call = 0; call < 5; call += 1) {
    const body = 'x'.repeat(call % 2 === 0 ? 200_000 : 2_000_000);
    expect((await fetch(`${url}/api/things`, { method: 'POST', body })).status).toBe(409);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  }
});
