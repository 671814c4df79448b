import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { type ClientTools, HttpClient, isUpstreamFailure } from '../../src/clients/index.ts';
import {
  CircuitOpenError,
  DeadlineExceededError,
  lateAttemptsAtOnce,
  runUntil,
  TimeoutError,
} from '../../src/resilience/index.ts';
import { runCorrelated } from '../../src/telemetry/index.ts';
import { answers, type Fault, faults, status } from '../../src/testing/index.ts';
import { startUpstream } from '../support/faulty-server.ts';

const fine = answers({ fine: true });
const quick = { backoffBase: 1, attemptTimeout: 1000 };

function clientOf(origin: string, { policy, ...tools }: Partial<ClientTools> = {}): HttpClient {
  const ground = { log: pino({ level: 'silent' }), metrics: new Registry() };
  const client = new HttpClient('upstream', origin, {
    ...ground,
    ...tools,
    policy: { ...quick, ...policy },
  });
  onTestFinished(() => client.close());
  return client;
}

const passing: [string, Fault][] = [
  ['no answer in time', faults.hangs],
  ['half an answer in time', faults.stalls],
  ['a connection that is reset', faults.resets],
  ['an answer that breaks off', faults.breaksOff],
  ['500', status(500)],
  ['503', status(503)],
  ['429', status(429)],
  ['a status that there is not', status(777)],
  ['an answer larger than is read', faults.floods],
  ['an answer that is no JSON', faults.isNoJson],
  ['what is no HTTP', faults.garbles],
];

test.each(passing)('%s is a failure: it is repeated where that is safe', async (_name, fault) => {
  const policy = { attemptTimeout: 200 };
  const repeated = await startUpstream(fault, fault, fine);
  const client = clientOf(repeated.origin, { policy });
  expect(await client.request('GET', '/')).toEqual({ fine: true });
  expect(repeated.seen).toHaveLength(3);
  const unsafe = await startUpstream(fault, fine);
  const once = clientOf(unsafe.origin, { policy: { ...policy, failuresToOpen: 1 } });
  const error = await once.request('POST', '/', { body: {} }).catch((thrown: Error) => thrown);
  expect(error).toSatisfy(isUpstreamFailure);
  expect(error).toHaveProperty('statusCode', expect.toBeOneOf([502, 503, 504]));
  expect(unsafe.seen).toHaveLength(1);
  await expect(once.request('GET', '/')).rejects.toBeInstanceOf(CircuitOpenError);
});

test('a POST is repeated when it carries an idempotency key, under the same key', async () => {
  const { origin, seen } = await startUpstream(status(503), fine);
  const headers = { 'Idempotency-Key': '"k-1"' };
  await clientOf(origin).request('POST', '/', { body: {}, headers });
  expect(seen.map((request) => request.headers['idempotency-key'])).toEqual(['"k-1"', '"k-1"']);
});

const answered: [string, Fault][] = [
  ['400', status(400)],
  ['404', status(404)],
  ['409', status(409)],
  ['a redirect', status(302, { location: 'http://127.0.0.1:1/elsewhere' })],
];

test.each(answered)('%s is no failure: not repeated, and opens nothing', async (_name, fault) => {
  const { origin, seen } = await startUpstream(fault);
  const client = clientOf(origin, { policy: { failuresToOpen: 1 } });
  for (let i = 1; i <= 3; i += 1) {
    const error = await client.request('GET', '/').catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toSatisfy(isUpstreamFailure);
    expect(seen).toHaveLength(i);
  }
});

test('follows no redirect, so that credentials go nowhere else', async () => {
  const elsewhere = await startUpstream(fine);
  const { origin } = await startUpstream(status(307, { location: `${elsewhere.origin}/` }));
  const call = clientOf(origin, { token: 'secret' }).request('GET', '/');
  await expect(call).rejects.toMatchObject({ status: 307, statusCode: 502 });
  expect(elsewhere.seen).toEqual([]);
});

test('sends the credentials that it is configured with', async () => {
  const { origin, seen } = await startUpstream(fine);
  await clientOf(origin, { token: 'secret' }).request('GET', '/');
  expect(seen[0]?.headers.authorization).toBe('Bearer secret');
});

test('honours Retry-After', async () => {
  const { origin, seen } = await startUpstream(status(503, { 'retry-after': '1' }), fine);
  await clientOf(origin).request('GET', '/');
  const [first, second] = seen.map(({ at }) => at);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(950);
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  const away = await startUpstream(status(503, { 'retry-after': date }), fine);
  await expect(clientOf(away.origin).request('GET', '/')).rejects.toMatchObject({ status: 503 });
  expect(away.seen).toHaveLength(1);
});

test('closes the socket of an attempt that it gives up', async () => {
  const { origin, connections } = await startUpstream(faults.hangs);
  const client = clientOf(origin, { policy: { attemptTimeout: 50 } });
  await expect(client.request('POST', '/')).rejects.toBeInstanceOf(TimeoutError);
  await expect.poll(() => connections.givenUp).toBe(1);
});

test('tells the other side how long it will wait', async () => {
  const { origin, seen } = await startUpstream(fine);
  await clientOf(origin, { policy: { attemptTimeout: 700 } }).request('GET', '/');
  const told = Number(seen[0]?.headers['x-request-timeout-ms']);
  expect(told).toBeGreaterThan(500);
  expect(told).toBeLessThanOrEqual(700);
});

test('hands the deadline of its own caller on, and gives up then', async () => {
  const { origin, seen, connections } = await startUpstream(faults.hangs);
  const client = clientOf(origin);
  const deadline = { at: performance.now() + 200, signal: AbortSignal.timeout(60_000) };
  const call = runUntil(deadline, () => client.request('GET', '/'));
  await expect(call).rejects.toBeInstanceOf(DeadlineExceededError);
  expect(Number(seen[0]?.headers['x-request-timeout-ms'])).toBeLessThanOrEqual(200);
  await expect.poll(() => connections.givenUp).toBe(1);
  const early = { at: performance.now() + 60_000, signal: AbortSignal.abort(new Error('gone')) };
  await expect(runUntil(early, () => client.request('GET', '/'))).rejects.toThrow('gone');
  const answered = await startUpstream(fine);
  expect(await clientOf(answered.origin).request('GET', '/')).toEqual({ fine: true });
});

test.each([
  ['a name that DNS does not know', 'http://nowhere.invalid'],
  ['a port that nobody listens on', 'http://127.0.0.1:1'],
])('%s is a failure', async (_name, origin) => {
  const client = clientOf(origin, { policy: { failuresToOpen: 1 } });
  const error = await client.request('POST', '/').catch((thrown: Error) => thrown);
  expect(error).toSatisfy(isUpstreamFailure);
  await expect(client.request('POST', '/')).rejects.toBeInstanceOf(CircuitOpenError);
});

test('a TLS handshake that fails is a failure', async () => {
  const { origin, seen } = await startUpstream(fine);
  const client = clientOf(origin.replace('http:', 'https:'), { policy: { failuresToOpen: 1 } });
  const error = await client.request('POST', '/').catch((thrown: Error) => thrown);
  expect(error).toSatisfy(isUpstreamFailure);
  await expect(client.request('POST', '/')).rejects.toBeInstanceOf(CircuitOpenError);
  expect(seen).toEqual([]);
});

test('a request that cannot be sent is no failure of the other side, and not repeated', async () => {
  const { origin, seen } = await startUpstream(fine);
  const client = clientOf(origin, { policy: { failuresToOpen: 1 } });
  const headers = { 'x-broken': 'a\nb' };
  const error = await client.request('GET', '/', { headers }).catch((thrown: Error) => thrown);
  expect(error).not.toSatisfy(isUpstreamFailure);
  expect(await client.request('GET', '/')).toEqual({ fine: true });
  expect(seen).toHaveLength(1);
});

test('that the other side was late in less than its own time is no failure of it', async () => {
  const { origin } = await startUpstream(status(504), fine);
  const client = clientOf(origin, { policy: { failuresToOpen: 1 } });
  const call = client.request('POST', '/', { timeout: 500 });
  await expect(call).rejects.toBeInstanceOf(DeadlineExceededError);
  expect(await client.request('GET', '/')).toEqual({ fine: true });
});

test('interim answers that nobody asked for are passed over', async () => {
  const { origin, seen } = await startUpstream(faults.continues);
  const client = clientOf(origin, { policy: { running: 1 } });
  for (let call = 0; call < 3; call += 1)
    expect(await client.request('POST', '/')).toEqual({ fine: true });
  expect(seen).toHaveLength(3);
});

test('no pause is longer than anybody waits, whatever the other side asks for', async () => {
  const { origin } = await startUpstream(status(503, { 'retry-after': '9'.repeat(400) }));
  const error = await clientOf(origin)
    .request('GET', '/')
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ retryAfterMs: 86_400_000 });
});

test('what a request is known by goes along to what is asked for it', async () => {
  const { origin, seen } = await startUpstream(fine);
  const client = clientOf(origin);
  const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const headers = { ...trace, tracestate: 'a=b' };
  await runCorrelated('order-7', headers, () => client.request('GET', '/'));
  await client.request('GET', '/');
  expect(seen[0]?.headers).toMatchObject({ ...headers, 'x-request-id': 'order-7' });
  expect(seen[1]?.headers).not.toHaveProperty('x-request-id');
});

test('keeps connections, and opens few more than calls may run', async () => {
  const { origin, connections } = await startUpstream(fine);
  const client = clientOf(origin, { policy: { running: 3, waiting: 100 } });
  for (let i = 0; i < 10; i += 1) await client.request('GET', '/');
  await Promise.all(Array.from({ length: 50 }, () => client.request('GET', '/')));
  expect(connections.opened).toBeLessThanOrEqual(3 + lateAttemptsAtOnce);
});
