import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';

const fails = (code: number, headers: Record<string, string> = {}) =>
  function answer(incoming: IncomingMessage, response: ServerResponse): void {
    incoming.resume();
    response.writeHead(code, headers).end('sorry');
  };
const hangs = (): void => undefined;
const post = { method: 'POST', body: 'a thing' };

test('a read that failed is made again, a request with a body never', async () => {
  let calls = 0;
  const upstream = await startUpstream((incoming, response) => {
    calls += 1;
    fails(calls % 3 === 0 ? 200 : 503)(incoming, response);
  });
  const { url } = await startGateway(upstream.url);
  expect((await fetch(`${url}/api/things`)).status).toBe(200);
  expect(upstream.seen).toHaveLength(3);
  for (const options of [post, { ...post, method: 'PUT' }]) {
    upstream.seen.length = 0;
    const answer = await fetch(`${url}/api/things`, options);
    expect([answer.status, await answer.text()]).toEqual([503, 'sorry']);
    expect(upstream.seen).toHaveLength(1);
  }
});

test('failures of the upstream are handed back as they are, and open its circuit', async () => {
  const upstream = await startUpstream(fails(500, { 'x-why': 'broken' }));
  const { url, metric } = await startGateway(upstream.url);
  for (let call = 0; call < 5; call += 1) {
    const answer = await fetch(`${url}/api/things`, post);
    expect([answer.status, await answer.text()]).toEqual([500, 'sorry']);
    expect(answer.headers.get('x-why')).toBe('broken');
  }
  const rejected = await fetch(`${url}/api/things`);
  expect(rejected.status).toBe(503);
  expect(Number(rejected.headers.get('retry-after'))).toBeGreaterThan(1);
  expect(rejected.headers.get('content-type')).toContain('application/problem+json');
  expect(upstream.seen).toHaveLength(5);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(1);
});

test('an upstream that sheds, or says that another one fails it, keeps its circuit closed', async () => {
  const answers = [fails(502), fails(504), fails(503, { 'retry-after': '30' })];
  const upstream = await startUpstream((incoming, response) =>
    answers[upstream.seen.length - 1]?.(incoming, response),
  );
  const { url, metric } = await startGateway(upstream.url, { policy: { failuresToOpen: 1 } });
  expect((await fetch(`${url}/api/things`)).status).toBe(502);
  expect((await fetch(`${url}/api/things`)).status).toBe(504);
  const shed = await fetch(`${url}/api/things`);
  expect([shed.status, shed.headers.get('retry-after')]).toEqual([503, '30']);
  expect(upstream.seen).toHaveLength(3);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(0);
});

test('refusals are answers: handed back, not repeated, and no failure', async () => {
  const codes = [400, 401, 404, 409, 429];
  const upstream = await startUpstream((incoming, response) =>
    fails(codes[upstream.seen.length - 1] ?? 200)(incoming, response),
  );
  const { url, metric } = await startGateway(upstream.url, { policy: { failuresToOpen: 1 } });
  for (const code of codes) expect((await fetch(`${url}/api/things`)).status).toBe(code);
  expect(upstream.seen).toHaveLength(codes.length);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(0);
});

test('as many calls run and wait as may, and the next is rejected with 503', async () => {
  const waiting: ServerResponse[] = [];
  const upstream = await startUpstream((_incoming, response) => void waiting.push(response));
  const { url } = await startGateway(upstream.url, { policy: { running: 1, waiting: 1 } });
  const first = fetch(`${url}/api/things`);
  await vi.waitUntil(() => waiting.length === 1);
  const second = fetch(`${url}/api/things`);
  await vi.waitUntil(async () => {
    const third = await fetch(`${url}/api/things`, { signal: AbortSignal.timeout(200) }).catch(
      () => undefined,
    );
    return third?.status === 503 && third.headers.has('retry-after');
  });
  waiting[0]?.end();
  expect((await first).status).toBe(200);
  await vi.waitUntil(() => waiting.length === 2);
  waiting[1]?.end();
  expect((await second).status).toBe(200);
});

test('no answer in time is 504, with a body or without, and the request is given up', async () => {
  const upstream = await startUpstream(hangs);
  const { url } = await startGateway(upstream.url, {
    policy: { attemptTimeout: 100, totalTimeout: 150 },
  });
  expect((await fetch(`${url}/api/things`)).status).toBe(504);
  await expect.poll(() => upstream.sockets.size).toBe(0);
  expect((await fetch(`${url}/api/things`, post)).status).toBe(504);
  await expect.poll(() => upstream.sockets.size).toBe(0);
});

test('no connection, or one that breaks before the answer, is 502', async () => {
  const upstream = await startUpstream((incoming) => void incoming.socket.destroy());
  const { url } = await startGateway(upstream.url, { policy: { failuresToOpen: 100 } });
  expect((await fetch(`${url}/api/things`)).status).toBe(502);
  expect((await fetch(`${url}/api/things`, post)).status).toBe(502);
  upstream.stop();
  const refused = await fetch(`${url}/api/things`, post);
  expect(refused.status).toBe(502);
  expect(await refused.text()).not.toContain('127.0.0.1');
});

test('an answer that cannot be handed back is 502, and a failure', async () => {
  const broken = [
    'HTTP/1.1 700 Odd\r\n\r\n',
    'HTTP/1.1 200 OK\r\nX: a\x01\r\n\r\n',
    'what?\r\n\r\n',
  ];
  const upstream = await startUpstream(({ socket }) => {
    socket.end(broken[upstream.seen.length - 1] ?? '');
  });
  const { url } = await startGateway(upstream.url, { policy: { failuresToOpen: 3 } });
  for (let call = 0; call < 3; call += 1)
    expect((await fetch(`${url}/api/things`, post)).status).toBe(502);
  expect((await fetch(`${url}/api/things`, post)).status).toBe(503);
});

test('an answer that breaks off is one that breaks off for the caller too', async () => {
  const upstream = await startUpstream((_incoming, response) => {
    response.writeHead(200).write('half');
    setImmediate(() => response.socket?.destroy());
  });
  const { url } = await startGateway(upstream.url);
  const answer = await fetch(`${url}/api/things`);
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});

test.each([
  ['before the answer', false],
  ['in the middle of the answer', true],
])('a caller who goes away %s ends the request to the upstream', async (_when, begins) => {
  const upstream = await startUpstream((_incoming, response) => {
    if (begins) response.writeHead(200).write('begun');
  });
  const { url, metric } = await startGateway(upstream.url, { policy: { failuresToOpen: 1 } });
  const outgoing = request(`${url}/api/things`).end();
  const answered = once(outgoing, 'response').catch(() => undefined);
  await vi.waitUntil(() => upstream.seen.length === 1);
  if (begins) await answered;
  outgoing.destroy();
  await expect.poll(() => upstream.sockets.size).toBe(0);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(0);
});

test('a caller who goes away in the middle of its body is no failure of the upstream', async () => {
  const upstream = await startUpstream((incoming) => void incoming.resume());
  const { url, metric } = await startGateway(upstream.url, { policy: { failuresToOpen: 1 } });
  const outgoing = request(`${url}/api/things`, { method: 'POST' });
  outgoing.on('error', () => undefined).write('begun');
  await vi.waitUntil(() => upstream.seen.length === 1);
  outgoing.destroy();
  await expect.poll(() => upstream.sockets.size).toBe(0);
  const cancelled = 'dependency_calls_total{dependency="things",outcome="cancelled"}';
  await expect.poll(() => metric(cancelled)).toBe(1);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(0);
});

test('a slow upload takes longer than an attempt may, and is no failure of the upstream', async () => {
  const upstream = await startUpstream((incoming, response) => {
    incoming.resume().once('end', () => response.end('all'));
  });
  const { url } = await startGateway(upstream.url, {
    policy: { attemptTimeout: 100, totalTimeout: 200, failuresToOpen: 1 },
  });
  const outgoing = request(`${url}/api/things`, { method: 'POST' });
  const answered = once(outgoing, 'response');
  for (let piece = 0; piece < 8; piece += 1) {
    outgoing.write('x');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  outgoing.end();
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  response.resume();
});

test('the deadline of a caller is handed on, and kept', async () => {
  const upstream = await startUpstream(hangs);
  const { url, metric } = await startGateway(upstream.url, { policy: { failuresToOpen: 1 } });
  const headers = { 'x-request-timeout-ms': '300' };
  expect((await fetch(`${url}/api/things`, { headers })).status).toBe(504);
  const told = Number(upstream.seen[0]?.headers['x-request-timeout-ms']);
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThanOrEqual(300);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(0);
});
