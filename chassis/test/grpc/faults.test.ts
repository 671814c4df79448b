import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import type { ClientTools } from '../../src/clients/index.ts';
import { GrpcClient, Health, isGrpcFailure } from '../../src/grpc/index.ts';
import {
  CircuitOpenError,
  DeadlineExceededError,
  runUntil,
  TimeoutError,
} from '../../src/resilience/index.ts';
import { code, type Fault, faults, fine, startFaultyGrpcServer } from './faulty-grpc-server.ts';

const { check } = Health.method;
const quick = { backoffBase: 1, attemptTimeout: 1000 };
const serving = expect.objectContaining({ status: 1 });

function clientOf(origin: string, { policy, ...tools }: Partial<ClientTools> = {}) {
  const ground = { log: { warn: () => undefined }, metrics: new Registry() };
  const options = { ...ground, ...tools, policy: { ...quick, ...policy } };
  const client = new GrpcClient('upstream', origin, options);
  onTestFinished(() => client.close());
  return {
    /** A call that is safe to repeat. */
    keyed: () => client.call(check, {}, 'k-1'),
    /** One that is not. */
    once: () => client.call(check, {}),
    client,
  };
}

const passing: [string, Fault][] = [
  ['no answer in time', faults.hangs],
  ['half an answer in time', faults.stalls],
  ['a call that is reset', faults.resets],
  ['a call that is refused unseen', faults.refuses],
  ['a connection that breaks', faults.breaks],
  ['an answer that breaks off', faults.breaksOff],
  ['a server that goes away', faults.goesAway],
  ['UNKNOWN', code(2)],
  ['DEADLINE_EXCEEDED', code(4)],
  ['RESOURCE_EXHAUSTED', code(8)],
  ['INTERNAL', code(13)],
  ['UNAVAILABLE', code(14)],
  ['DATA_LOSS', code(15)],
  ['an answer larger than is read', faults.floods],
  ['503 of a proxy', (stream) => stream.respond({ ':status': 503 }, { endStream: true })],
];

test.each(passing)(
  '%s is a failure over gRPC, repeated where that is safe',
  async (_name, fault) => {
    const policy = { attemptTimeout: 200 };
    const repeated = await startFaultyGrpcServer(fault, fault, fine);
    expect(await clientOf(repeated.origin, { policy }).keyed()).toEqual(serving);
    expect(repeated.seen).toHaveLength(3);
    const unsafe = await startFaultyGrpcServer(fault, fine);
    const { once } = clientOf(unsafe.origin, { policy: { ...policy, failuresToOpen: 1 } });
    expect(await once().catch((thrown: Error) => thrown)).toSatisfy(isGrpcFailure);
    expect(unsafe.seen).toHaveLength(1);
    await expect(once()).rejects.toBeInstanceOf(CircuitOpenError);
  },
);

const answered: [string, Fault][] = [
  ['INVALID_ARGUMENT', code(3)],
  ['NOT_FOUND', code(5)],
  ['ALREADY_EXISTS', code(6)],
  ['PERMISSION_DENIED', code(7)],
  ['FAILED_PRECONDITION', code(9)],
  ['ABORTED', code(10)],
  ['UNIMPLEMENTED', code(12)],
  ['UNAUTHENTICATED', code(16)],
];

test.each(answered)('%s is an answer over gRPC: it opens nothing', async (_name, fault) => {
  const { origin, seen } = await startFaultyGrpcServer(fault);
  const { keyed } = clientOf(origin, { policy: { failuresToOpen: 1 } });
  for (let i = 1; i <= 3; i += 1) {
    const error = await keyed().catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toSatisfy(isGrpcFailure);
    expect(seen).toHaveLength(i);
  }
});

test('a server that goes away answers the call in flight, and the next has a new connection', async () => {
  const { origin, seen, connections } = await startFaultyGrpcServer(
    faults.goesAwayAfterwards,
    fine,
  );
  const { once } = clientOf(origin);
  expect(await once()).toEqual(serving);
  expect(await once()).toEqual(serving);
  expect(seen).toHaveLength(2);
  expect(connections.opened).toBe(2);
});

test('a burst of UNAVAILABLE opens the circuit, and other dependencies are called on', async () => {
  const down = await startFaultyGrpcServer(code(14));
  const { once } = clientOf(down.origin);
  for (let i = 0; i < 5; i += 1) await expect(once()).rejects.toMatchObject({ statusCode: 503 });
  await expect(once()).rejects.toBeInstanceOf(CircuitOpenError);
  expect(down.seen).toHaveLength(5);
  const other = await startFaultyGrpcServer(fine);
  expect(await clientOf(other.origin).once()).toEqual(serving);
});

test('honours RetryInfo', async () => {
  // google.rpc.Status: UNAVAILABLE, with a RetryInfo of one second.
  const details = 'CA4aMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIAQ';
  const { origin, seen } = await startFaultyGrpcServer(
    code(14, { 'grpc-status-details-bin': details }),
    fine,
  );
  await clientOf(origin).keyed();
  const [first, second] = seen.map(({ at }) => at);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(950);
});

test('resets the call of an attempt that it gives up', async () => {
  const { origin, connections } = await startFaultyGrpcServer(faults.hangs);
  const { once } = clientOf(origin, { policy: { attemptTimeout: 50 } });
  await expect(once()).rejects.toBeInstanceOf(TimeoutError);
  await expect.poll(() => connections.givenUp).toBe(1);
});

test('tells the other side over gRPC how long it will wait', async () => {
  const { origin, seen } = await startFaultyGrpcServer(fine);
  await clientOf(origin, { policy: { attemptTimeout: 700 } }).once();
  const [, told] = /^(\d+)m$/.exec(String(seen[0]?.headers['grpc-timeout'])) ?? [];
  expect(Number(told)).toBeGreaterThan(500);
  expect(Number(told)).toBeLessThanOrEqual(700);
});

test('hands the deadline of its own caller on over gRPC, and gives up then', async () => {
  const { origin, seen, connections } = await startFaultyGrpcServer(faults.hangs);
  const { keyed } = clientOf(origin, { policy: { failuresToOpen: 1 } });
  const deadline = { at: performance.now() + 200, signal: AbortSignal.timeout(60_000) };
  await expect(runUntil(deadline, keyed)).rejects.toBeInstanceOf(DeadlineExceededError);
  expect(seen[0]?.headers['grpc-timeout']).toMatch(/^1?\d\d?m$/);
  await expect.poll(() => connections.givenUp).toBe(1);
});

test('a caller that gives up is told at once over gRPC, and that counts against nobody', async () => {
  const { origin, connections } = await startFaultyGrpcServer(faults.hangs, fine);
  const { keyed } = clientOf(origin, { policy: { failuresToOpen: 1 } });
  const stop = new AbortController();
  const deadline = { at: performance.now() + 60_000, signal: stop.signal };
  const call = runUntil(deadline, keyed);
  await expect.poll(() => connections.opened).toBe(1);
  stop.abort(new Error('gone'));
  await expect(call).rejects.toThrow('gone');
  expect(await keyed()).toEqual(serving);
});

test.each([
  ['a name that DNS does not know', 'http://nowhere.invalid'],
  ['a port that nobody listens on', 'http://127.0.0.1:1'],
  ['a TLS handshake that fails', 'https:'],
])('%s is a failure of the connection for gRPC', async (_name, origin) => {
  const plain = await startFaultyGrpcServer(fine);
  const target = origin === 'https:' ? plain.origin.replace('http:', origin) : origin;
  const { once } = clientOf(target, { policy: { failuresToOpen: 1 } });
  expect(await once().catch((thrown: Error) => thrown)).toSatisfy(isGrpcFailure);
  await expect(once()).rejects.toBeInstanceOf(CircuitOpenError);
});

test('sends the credentials that it is configured with as metadata', async () => {
  const { origin, seen } = await startFaultyGrpcServer(fine);
  await clientOf(origin, { token: 'secret' }).keyed();
  expect(seen[0]?.headers).toMatchObject({
    authorization: 'Bearer secret',
    'idempotency-key': 'k-1',
  });
});

test('calls at once share one connection, and closing waits for them', async () => {
  const { origin, connections } = await startFaultyGrpcServer(
    (stream) => void setTimeout(() => fine(stream), 20),
  );
  const { client, once } = clientOf(origin, { policy: { waiting: 100 } });
  const calls = Promise.all(Array.from({ length: 50 }, once));
  await client.close();
  expect(await calls).toHaveLength(50);
  expect(connections.opened).toBe(1);
});
