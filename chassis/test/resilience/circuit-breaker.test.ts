import { afterEach, expect, test, vi } from 'vitest';
import { CircuitOpenError } from '../../src/resilience/index.ts';
import { Down, fails, hangs, Refused, testPolicy, works } from '../support/policy.ts';

type Policy = ReturnType<typeof testPolicy>['policy'];

const refuses = () => Promise.reject(new Refused());

async function call(policy: Policy, run: () => Promise<string>, times = 1): Promise<void> {
  for (let i = 0; i < times; i += 1) await policy.execute(run, false).catch(() => undefined);
}

/** A policy whose circuit is open, with faked time. */
async function openPolicy() {
  vi.useFakeTimers();
  const tested = testPolicy();
  await call(tested.policy, fails, 5);
  await expect(tested.policy.execute(works, false)).rejects.toBeInstanceOf(CircuitOpenError);
  const state = () => tested.metric('circuit_breaker_state{dependency="upstream"}');
  return { ...tested, state };
}

const [closed, open, halfOpen] = [0, 1, 2];

afterEach(() => {
  vi.useRealTimers();
});

test('opens after five failures in a row, and says when to ask again', async () => {
  const { policy, metric } = testPolicy();
  await call(policy, fails, 4);
  await call(policy, works);
  await call(policy, fails, 4);
  expect(await policy.execute(works, false)).toBe('done');
  await call(policy, fails, 5);
  const attempt = vi.fn(works);
  const rejected = await policy.execute(attempt, true).catch((error: unknown) => error);
  expect(rejected).toBeInstanceOf(CircuitOpenError);
  expect(rejected).toMatchObject({ statusCode: 503, dependency: 'upstream' });
  expect(rejected).toHaveProperty('retryAfterMs', expect.closeTo(30_000, -3));
  expect(attempt).not.toHaveBeenCalled();
  expect(await metric('dependency_calls_total{dependency="upstream",outcome="open"}')).toBe(1);
});

test('opens when half of at least 20 calls in 10 seconds failed', async () => {
  vi.useFakeTimers();
  const { policy } = testPolicy();
  const failEveryOther = async (pairs: number) => {
    for (let i = 0; i < pairs; i += 1) {
      await call(policy, works);
      await call(policy, fails);
    }
  };
  await failEveryOther(9);
  expect(await policy.execute(works, false)).toBe('done');
  await vi.advanceTimersByTimeAsync(11_000);
  await failEveryOther(9);
  expect(await policy.execute(works, false)).toBe('done');
  await call(policy, fails);
  await expect(policy.execute(works, false)).rejects.toBeInstanceOf(CircuitOpenError);
});

test('a refusal is an answer: it ends a row of failures and opens nothing', async () => {
  const { policy, metric } = testPolicy();
  await call(policy, refuses, 30);
  await call(policy, fails, 4);
  await call(policy, refuses);
  await call(policy, fails, 4);
  expect(await policy.execute(works, false)).toBe('done');
  expect(await metric('dependency_calls_total{dependency="upstream",outcome="refused"}')).toBe(31);
});

test('the rate of failures is also looked at when a call succeeds', async () => {
  const { policy } = testPolicy({ failureRateToOpen: 0.75, callsForRate: 4 });
  await call(policy, fails, 3);
  await call(policy, works);
  await expect(policy.execute(works, false)).rejects.toBeInstanceOf(CircuitOpenError);
});

test('what goes wrong before anything is sent is neither failure nor success', async () => {
  const { policy, state, metric } = await openPolicy();
  await vi.advanceTimersByTimeAsync(30_000);
  const mistake = () => Promise.reject(new TypeError('a header with a line break'));
  await call(policy, mistake, 5);
  expect(await state()).toBe(halfOpen);
  await call(policy, works, 2);
  expect(await state()).toBe(closed);
  await call(policy, fails, 4);
  await call(policy, mistake);
  await call(policy, fails);
  expect(await state()).toBe(open);
  expect(await metric('dependency_calls_total{dependency="upstream",outcome="local"}')).toBe(6);
});

test('half-opens after 30 seconds, admits one probe at a time, closes after two that succeed', async () => {
  const { policy, state } = await openPolicy();
  await vi.advanceTimersByTimeAsync(29_900);
  await expect(policy.execute(works, false)).rejects.toBeInstanceOf(CircuitOpenError);
  await vi.advanceTimersByTimeAsync(200);
  const gate = Promise.withResolvers<string>();
  const probe = policy.execute(() => gate.promise, false);
  await expect(policy.execute(works, false)).rejects.toBeInstanceOf(CircuitOpenError);
  expect(await state()).toBe(halfOpen);
  gate.resolve('first');
  expect(await probe).toBe('first');
  expect(await state()).toBe(halfOpen);
  expect(await policy.execute(works, false)).toBe('done');
  expect(await state()).toBe(closed);
  const both = [policy.execute(works, false), policy.execute(works, false)];
  expect(await Promise.all(both)).toEqual(['done', 'done']);
});

test('a probe that fails opens the circuit again', async () => {
  const { policy, state } = await openPolicy();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await policy.execute(works, false)).toBe('done');
  await call(policy, fails);
  expect(await state()).toBe(open);
  await expect(policy.execute(works, false)).rejects.toBeInstanceOf(CircuitOpenError);
});

test('a probe that its caller cancels says nothing, and leaves its place to the next', async () => {
  const { policy, state } = await openPolicy();
  await vi.advanceTimersByTimeAsync(30_000);
  for (let i = 0; i < 2; i += 1) {
    const caller = new AbortController();
    const probe = policy.execute(hangs, false, { signal: caller.signal });
    caller.abort(new Error('never mind'));
    await expect(probe).rejects.toThrow('never mind');
    expect(await state()).toBe(halfOpen);
  }
  expect(await policy.execute(works, false)).toBe('done');
  expect(await policy.execute(works, false)).toBe('done');
  expect(await state()).toBe(closed);
});

test('what was begun before the circuit opened changes nothing when it ends', async () => {
  vi.useFakeTimers();
  const { policy, metric } = testPolicy();
  const gate = Promise.withResolvers<string>();
  const old = policy.execute(() => gate.promise, false).catch(() => 'failed');
  await call(policy, fails, 5);
  await vi.advanceTimersByTimeAsync(4000);
  gate.reject(new Down());
  expect(await old).toBe('failed');
  await vi.advanceTimersByTimeAsync(26_000);
  expect(await policy.execute(works, false)).toBe('done');
  expect(await metric('circuit_breaker_state{dependency="upstream"}')).toBe(halfOpen);
});

test('says each change of state in the log', async () => {
  const { policy, logged } = await openPolicy();
  await vi.advanceTimersByTimeAsync(30_000);
  await call(policy, works, 2);
  const states = logged.map((line) => JSON.parse(line));
  expect(states).toMatchObject([
    { dependency: 'upstream', state: 'open' },
    { dependency: 'upstream', state: 'half-open' },
    { dependency: 'upstream', state: 'closed' },
  ]);
});

test('a circuit that is not closed rejects at once, also where no place is free', async () => {
  vi.useFakeTimers();
  const { policy } = testPolicy({ running: 1, waiting: 5, attemptTimeout: 60_000 });
  await call(policy, fails, 5);
  await vi.advanceTimersByTimeAsync(30_000);
  const gate = Promise.withResolvers<string>();
  const probe = policy.execute(() => gate.promise, false);
  const next = policy.execute(works, false, { at: performance.now() + 1000 });
  await Promise.all([
    expect(next).rejects.toBeInstanceOf(CircuitOpenError),
    vi.advanceTimersByTimeAsync(1000),
  ]);
  gate.resolve('back');
  expect(await probe).toBe('back');
});

test('an opening circuit also rejects the calls that wait for a place', async () => {
  const { policy } = testPolicy({ running: 1, waiting: 5, failuresToOpen: 1 });
  const gate = Promise.withResolvers<string>();
  const first = policy.execute(() => gate.promise, false).catch(() => 'failed');
  const waiting = Array.from({ length: 5 }, () => policy.execute(works, false));
  gate.reject(new Down());
  expect(await first).toBe('failed');
  const outcomes = await Promise.allSettled(waiting);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ reason: expect.any(CircuitOpenError) });
  }
});
