import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { random } from '../support/random.ts';
import { Connection } from './connection.ts';
import { emittedForAll, startGateway, statusOf } from './started.ts';
import { type Answer, ok, said } from './upstream.ts';

const folders = emittedForAll();
const neverOpens = { THINGS_CIRCUIT_FAILURES: '10000', THINGS_CIRCUIT_CALLS: '10000' };

test('deadlines of callers, whatever their length, leave a slow route open for everybody', async () => {
  const slow: Answer = (socket) => void setTimeout(() => socket.write(said('200 OK')), 800);
  const { url } = await startGateway(folders(), slow, { THINGS_ATTEMPT_TIMEOUT_MS: '1000' });
  const lengths = Array.from({ length: 40 }, (_, index) => String(100 + index * 16));
  const hurried = lengths.map((length) =>
    statusOf(url, { headers: { 'x-request-timeout-ms': length } }),
  );
  expect(new Set(await Promise.all(hurried))).toEqual(new Set([504]));
  expect(await statusOf(url)).toBe(200);
});

test('an upstream that hangs is found out, though all callers set deadlines', async () => {
  const { url } = await startGateway(folders(), () => undefined, {
    THINGS_ATTEMPT_TIMEOUT_MS: '600',
    THINGS_CIRCUIT_FAILURES: '5',
  });
  const headers = { 'x-request-timeout-ms': '300' };
  const hurried = Array.from({ length: 5 }, () => statusOf(url, { headers }));
  expect(new Set(await Promise.all(hurried))).toEqual(new Set([504]));
  await expect.poll(() => statusOf(url, { headers }), { timeout: 5000 }).toBe(503);
});

/** What is no answer of HTTP, or none that can be handed back. */
const unusable: [string, string][] = [
  ['garbage', 'what is this?\r\n\r\n'],
  ['a line feed alone', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  ['a length and chunks', `${said('200 OK', '', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
  ['two lengths', said('200 OK', 'ok', 'Content-Length: 3')],
  ['a header field with a NUL', said('200 OK', 'ok', 'X-Bad: a\0b')],
  ['a header field with a control character', said('200 OK', 'ok', 'X-Bad: a\x01b')],
  ['a header field with a space in its name', said('200 OK', 'ok', 'X Bad: a')],
  ['a head without end', `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(300_000)}`],
  ['status 000', said('000 Nothing')],
  ['status 101, unasked', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ['status 600', said('600 Odd')],
  ['status 999', said('999 Odder')],
  ['status 1000', said('1000 Oddest')],
];

test('an upstream that breaks HTTP gives 502, holds no place for it, and its circuit opens', async () => {
  const answer: Answer = (socket, { url }) => {
    const index = /\d+$/.exec(url)?.[0];
    socket.write(
      index === undefined ? said('200 OK') : (unusable[Number(index)]?.[1] ?? ''),
      'latin1',
    );
  };
  const { url } = await startGateway(folders(), answer, {
    ...neverOpens,
    THINGS_CONCURRENCY: '2',
    THINGS_QUEUE: '0',
    THINGS_ATTEMPTS: '1',
  });
  for (const [index, [name]] of unusable.entries()) {
    for (let time = 0; time < 3; time += 1)
      expect(await statusOf(`${url}/${index}`), name).toBe(502);
    expect(await statusOf(url), name).toBe(200);
  }
  const broken = await startGateway(folders(), (socket) => socket.write(said('999 Odd')));
  for (let call = 0; call < 5; call += 1)
    expect(await statusOf(broken.url, { method: 'POST' })).toBe(502);
  expect(await statusOf(broken.url)).toBe(503);
});

test('interim answers that nobody has asked for are passed over', async () => {
  const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
  const { url } = await startGateway(folders(), (socket) => {
    socket.write(interim.slice(0, 60));
    setTimeout(() => socket.write(interim.slice(60) + said('200 OK', 'HTTP/1.1 100 Continue')), 20);
  });
  for (let call = 0; call < 5; call += 1) {
    const answer = await fetch(url, { method: 'POST', body: 'a thing' });
    expect([answer.status, await answer.text()]).toEqual([200, 'HTTP/1.1 100 Continue']);
  }
});

test('the head of an answer goes out at once, however long its first byte takes', async () => {
  const { url } = await startGateway(folders(), (socket) => {
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    setTimeout(() => socket.write('9\r\ndata: 1\n\n\r\n0\r\n\r\n'), 1500);
  });
  const asked = performance.now();
  const answer = await fetch(url);
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(await answer.text()).toBe('data: 1\n\n');
});

/** How an upstream may treat a request. */
const endings: Answer[] = [
  ok,
  (socket) => socket.write(said('204 No Content', '')),
  (socket) => socket.write('HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n'),
  (socket) => socket.write(said('500 Sorry')),
  (socket) => socket.write(said('503 Busy', 'ok', 'Retry-After: 0')),
  (socket) => socket.write(said('700 Odd')),
  (socket) => socket.write(said('200 OK', 'ok', 'Connection: close'), () => socket.end()),
  (socket) => socket.write(said('200 OK', 'x'.repeat(300_000))),
  (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'),
  (socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', () => socket.destroy()),
  (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
  (socket) => socket.write('what?\r\n\r\n'),
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.destroy(),
  () => undefined,
];

/** Calls that end at random. */
const count = Number(process.env.CREATE_SERVICE_GATEWAY_CALLS ?? 400);

test('however calls end, all places are free afterwards', {
  timeout: 60_000 + count * 50,
}, async () => {
  const seed = Number(process.env.CREATE_SERVICE_SEED ?? 1);
  const next = random(seed);
  const oneOf = <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T;
  let isCalm = false;
  const answer: Answer = (socket, asked) => (isCalm ? undefined : oneOf(endings)(socket, asked));
  const [running, waiting] = [3, 3];
  const held: (() => void)[] = [];
  const { url, upstream } = await startGateway(
    folders(),
    (socket, asked) => {
      if (isCalm) held.push(() => socket.write(said('200 OK')));
      return answer(socket, asked);
    },
    {
      ...neverOpens,
      THINGS_ATTEMPT_TIMEOUT_MS: '120',
      THINGS_TOTAL_TIMEOUT_MS: '400',
      THINGS_CONCURRENCY: String(running),
      THINGS_QUEUE: String(waiting),
      UPLOADS_PER_CALLER: '1000',
      SLOW_UPLOAD_MS: '200',
    },
  );
  const asks = Array.from({ length: count }, async () => {
    await delay(next() * count * 12);
    const method = oneOf(['GET', 'HEAD', 'POST', 'PUT']);
    const connection = await Connection.to(url);
    const length = oneOf([0, 0, 10, 100_000, 200_000]);
    const deadline = oneOf([undefined, undefined, 1, 50, 130]);
    connection.head(
      `${method} /api/things`,
      ...(deadline === undefined ? [] : [`x-request-timeout-ms: ${deadline}`]),
      ...(method.startsWith('P') ? [`Content-Length: ${length}`] : []),
    );
    // All of the body, or not quite.
    if (method.startsWith('P')) connection.write('x'.repeat(length * oneOf([1, 0.9])));
    await delay(next() * 700);
    oneOf([() => connection.socket.destroy(), () => connection.socket.resetAndDestroy()])();
  });
  await Promise.all(asks);
  expect(upstream.asked.length).toBeGreaterThan(asks.length / 5);
  await delay(1000);
  isCalm = true;
  const calls = Array.from({ length: running + waiting }, () => statusOf(url));
  await expect.poll(() => held.length).toBe(running);
  const one = await statusOf(url);
  for (let answered = 0; answered < calls.length; answered += 1) {
    await expect.poll(() => held.length).toBeGreaterThan(0);
    held.shift()?.();
  }
  expect([one, ...(await Promise.all(calls))], `seed ${seed}`).toEqual([
    503,
    ...calls.map(() => 200),
  ]);
});
