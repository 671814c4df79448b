import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { head, sendRaw, statusOf } from '../support/raw.ts';
import { startUpstream } from '../support/upstream.ts';

const tricks = [
  '/api/things/../admin',
  '/api/things/./x',
  '/api/things/..',
  '/api/things/%2e%2e/admin',
  '/api/things/.%2E/admin',
  '/api/things/..;/admin',
  '/api/things/..;a=b/admin',
  '/api/things//admin',
  '//api/things',
  '/api/things/..\\admin',
  '/api/things\\1',
  '/api/things/a%2fb',
  '/api/things/a%5Cb',
  '/api/things/a%00b',
  '/api/things/a%0d%0aX-Evil:1',
  '/api/things/a%252fb',
  '/api/things/%252e%252e/admin',
  '/api/things/%25252e',
  '/api/things/%',
  '/api/things/%zz',
  '/api/things/%2',
  '/api/things/%c0%ae%c0%ae/admin',
  '/api/things/a#b',
  '/api/things/a?b#c',
  '/api/things/<a>',
  '/api/thing%73/1',
  'http://elsewhere/api/things',
  '*',
];

test.each(tricks)('the path %s is refused with 400, and not forwarded', async (path) => {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url);
  const answer = await sendRaw(url, head(`GET ${path} HTTP/1.1`));
  expect(statusOf(answer), answer).toBe(400);
  expect(upstream.seen).toEqual([]);
});

test('a path with what is usual in paths is forwarded as it came', async () => {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url);
  const rest = "/a.b/...c/x;v=1/it's(1)*~$&+,=:@/%C3%A9%20?q=/../&r=%2F%00&s=//[]{}|";
  expect(statusOf(await sendRaw(url, head(`GET /api/things${rest} HTTP/1.1`)))).toBe(200);
  expect(upstream.seen[0]?.url).toBe(`/things${rest}`);
});

const line = 'POST /api/things HTTP/1.1';
const smuggled = 'GET /api/things/smuggled HTTP/1.1\r\nHost: gateway\r\n\r\n';
const smuggling: [string, string][] = [
  [
    'both Content-Length and Transfer-Encoding',
    `${head(line, 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
  ],
  ['two lengths', `${head(line, 'Content-Length: 0', 'Content-Length: 52')}${smuggled}`],
  ['a list of lengths', `${head(line, 'Content-Length: 0, 52')}${smuggled}`],
  ['a length with a sign', `${head(line, 'Content-Length: +52')}${smuggled}`],
  ['a hidden coding', `${head(line, 'Transfer-Encoding: xchunked')}${smuggled}`],
  ['a second coding', `${head(line, 'Transfer-Encoding: gzip, chunked')}0\r\n\r\n`],
  ['a coding twice', `${head(line, 'Transfer-Encoding: chunked, chunked')}0\r\n\r\n`],
  ['chunked that is not last', `${head(line, 'Transfer-Encoding: chunked, identity')}${smuggled}`],
  ['a space before the colon', head(line, 'Transfer-Encoding : chunked')],
  ['a folded line', head(line, 'X-Folded: a', ' Transfer-Encoding: chunked')],
  ['a bare line feed', head(line, 'X-A: b\nTransfer-Encoding: chunked')],
  ['a bare carriage return', head(line, 'X-A: b\rTransfer-Encoding: chunked')],
  ['a NUL in a field', head(line, 'X-A: b\0c')],
  ['a chunk size that is none', `${head(line, 'Transfer-Encoding: chunked')}0x1\r\na\r\n0\r\n\r\n`],
  ['a body of a GET', `${head('GET /api/things HTTP/1.1', 'Content-Length: 1')}x`],
  [
    'HTTP/1.0 with chunks',
    `${head('POST /api/things HTTP/1.0', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  ],
  ['two hosts', head(line, 'Host: other')],
  ['no host', 'GET /api/things HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['a host that is none', 'GET /api/things HTTP/1.1\r\nHost: a/b@c\r\nConnection: close\r\n\r\n'],
];

test.each(smuggling)(
  'a request with %s is refused, and no second one comes of it',
  async (_name, bytes) => {
    const upstream = await startUpstream();
    const { url } = await startGateway(upstream.url);
    const answer = await sendRaw(url, bytes);
    const statuses = answer.match(/HTTP\/1\.1 \d+/g);
    expect(new Set(statuses), answer).toEqual(new Set(['HTTP/1.1 400']));
    expect(upstream.seen.filter(({ method }) => method === 'GET')).toEqual([]);
  },
);

test('header fields that are too large are refused with 431', async () => {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url, { environment: { MAX_HEADER_BYTES: '2048' } });
  const fits = await sendRaw(url, head('GET /api/things HTTP/1.1', `X-Long: ${'x'.repeat(1500)}`));
  expect(statusOf(fits)).toBe(200);
  const answer = await sendRaw(
    url,
    head('GET /api/things HTTP/1.1', `X-Long: ${'x'.repeat(3000)}`),
  );
  expect(statusOf(answer)).toBe(431);
  expect(upstream.seen).toHaveLength(1);
});

test('a body that says itself that it is too large is refused before it is forwarded', async () => {
  const upstream = await startUpstream();
  const { url } = await startGateway(upstream.url, { environment: { MAX_BODY_BYTES: '10' } });
  const send = (body: string) => fetch(`${url}/api/things`, { method: 'POST', body });
  expect((await send('0123456789')).status).toBe(200);
  expect((await send('0123456789x')).status).toBe(413);
  expect(upstream.seen).toHaveLength(1);
});

test('a body that turns out to be too large is cut off, and that is no failure of the upstream', async () => {
  const upstream = await startUpstream((incoming) => void incoming.resume());
  const { url, metric } = await startGateway(upstream.url, {
    environment: { MAX_BODY_BYTES: '10' },
    policy: { failuresToOpen: 1 },
  });
  const outgoing = request(`${url}/api/things`, { method: 'POST' });
  const answered = once(outgoing, 'response');
  outgoing.write('01234');
  outgoing.write('567890');
  const [answer] = await answered;
  expect(answer.statusCode).toBe(413);
  expect(await text(answer)).toContain('larger than 10 bytes');
  outgoing.destroy();
  await expect.poll(() => upstream.sockets.size).toBe(0);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(0);
});

test.each([
  ['its head', 'POST /api/things HTTP/1.1\r\nHost: gateway\r\nX-Slow: '],
  ['its body', 'POST /api/things HTTP/1.1\r\nHost: gateway\r\nContent-Length: 1000\r\n\r\nx'],
])('a caller who sends %s for ever is cut off', async (_part, begin) => {
  const upstream = await startUpstream((incoming) => void incoming.resume());
  const { url, metric } = await startGateway(upstream.url, {
    environment: { HEADERS_TIMEOUT_MS: '300', REQUEST_TIMEOUT_MS: '600' },
    policy: { failuresToOpen: 1 },
  });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  const begun = performance.now();
  socket.write(begin);
  const drip = setInterval(() => socket.write('x'), 50);
  // Not by `once`, which takes what is written to a closed connection for a failure.
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(drip);
  // The limit, how late it may act, and what a busy machine adds; far from the usual one of a minute.
  expect(performance.now() - begun).toBeLessThan(5000);
  await expect.poll(() => upstream.sockets.size).toBe(0);
  expect(await metric('circuit_breaker_state{dependency="things"}')).toBe(0);
});

test('a connection on which nothing moves is closed', async () => {
  const { url } = await startGateway('http://127.0.0.1:9', {
    environment: { IDLE_TIMEOUT_MS: '200' },
  });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).resume();
  await once(socket, 'close');
});
