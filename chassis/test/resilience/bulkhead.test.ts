import { expect, test, vi } from 'vitest';
import {
  BulkheadFullError,
  CircuitOpenError,
  DeadlineExceededError,
  withFallback,
} from '../../src/resilience/index.ts';
import { Down, fails, hangs, Refused, testPolicy, works } from '../support/policy.ts';

test('runs 10 calls at once, lets 20 wait, and rejects the next at once', async () => {
  const { policy, metric } = testPolicy();
  const gate = Promise.withResolvers<string>();
  let most = 0;
  let running = 0;
  const passes = async () => {
    running += 1;
    most = Math.max(most, running);
    await gate.promise;
    running -= 1;
  };
  const calls = Array.from({ length: 30 }, () => policy.execute(passes, false));
  await expect(policy.execute(passes, false)).rejects.toBeInstanceOf(BulkheadFullError);
  expect(await metric('bulkhead_calls{dependency="upstream",state="running"}')).toBe(10);
  expect(await metric('bulkhead_calls{dependency="upstream",state="waiting"}')).toBe(20);
  gate.resolve('open');
  await Promise.all(calls);
  expect(most).toBe(10);
});

test('who gives up waiting for a place is told at once, and leaves it to another', async () => {
  const { policy } = testPolicy({ running: 1, waiting: 1 });
  const gate = Promise.withResolvers<string>();
  const first = policy.execute(() => gate.promise, false);
  const never = vi.fn(works);
  const waiting = policy.execute(never, false, { at: performance.now() + 20 });
  await expect(waiting).rejects.toBeInstanceOf(DeadlineExceededError);
  const next = policy.execute(works, false);
  gate.resolve('first');
  expect(await Promise.all([first, next])).toEqual(['first', 'done']);
  expect(never).not.toHaveBeenCalled();
});

test('a caller who has gone holds no place, not even through the pause before a retry', async () => {
  const pauses = { backoffBase: 60_000, backoffCap: 60_000, totalTimeout: 600_000 };
  const { policy, metric } = testPolicy({ ...pauses, running: 1, waiting: 0 });
  const caller = new AbortController();
  const failing = vi.fn(fails);
  const call = policy.execute(failing, true, { signal: caller.signal });
  await vi.waitUntil(() => failing.mock.calls.length === 1);
  caller.abort(new Error('gone'));
  await expect(call).rejects.toThrow('gone');
  expect(await policy.execute(works, true)).toBe('done');
  expect(await metric('bulkhead_calls{dependency="upstream",state="running"}')).toBe(0);
});

test('however calls end, all places are free afterwards', async () => {
  const { policy, metric } = testPolicy({
    ...{ running: 3, waiting: 4, attemptTimeout: 8, totalTimeout: 25, backoffBase: 4 },
    ...{ failuresToOpen: 10_000, callsForRate: 10_000 },
  });
  const answers = [works, fails, hangs, () => Promise.reject(new Refused())];
  const oneOf = <T>(choices: readonly T[]): T | undefined =>
    choices[Math.floor(Math.random() * choices.length)];
  const calls = Array.from({ length: 300 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index * 2));
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error('gone')), Math.random() * 40);
    const limits = [
      {},
      { signal: caller.signal },
      { at: performance.now() + Math.random() * 20 },
      { at: performance.now() + Math.random() * 20, signal: caller.signal },
    ];
    await policy.execute(oneOf(answers) ?? works, Math.random() < 0.5, oneOf(limits));
  });
  const endings = await Promise.allSettled(calls);
  expect(new Set(endings.map(({ status }) => status)).size).toBe(2);
  // A caller who gave up is told at once; what it gave up leaves its place when it has noticed.
  await expect.poll(() => metric('bulkhead_calls{dependency="upstream",state="running"}')).toBe(0);
  const gate = Promise.withResolvers<string>();
  const whole = Array.from({ length: 7 }, () => policy.execute(() => gate.promise, false));
  gate.resolve('all');
  expect(await Promise.all(whole)).toHaveLength(7);
});

test('policies share nothing: one that is open or full leaves the others alone', async () => {
  const down = testPolicy({ failuresToOpen: 1, running: 1, waiting: 0 }, 'down').policy;
  const { policy } = testPolicy({ running: 1, waiting: 0 }, 'up');
  await expect(down.execute(fails, false)).rejects.toThrow('down');
  await expect(down.execute(works, false)).rejects.toBeInstanceOf(CircuitOpenError);
  expect(await policy.execute(works, false)).toBe('done');
});

test('a fallback stands in for a dependency that is down, not for a refusal', async () => {
  const { policy } = testPolicy({ failuresToOpen: 1 });
  const isDown = (error: Error) => error instanceof Down;
  const instead = (error: Error) => `instead of ${error.name}`;
  const refused = () => Promise.reject(new Refused('refused'));
  await expect(withFallback(policy.execute(refused, true), isDown, instead)).rejects.toThrow(
    'refused',
  );
  const failed = policy.execute<string>(fails, false);
  expect(await withFallback(failed, isDown, instead)).toBe('instead of Error');
  const rejected = policy.execute(works, false);
  expect(await withFallback(rejected, isDown, instead)).toBe('instead of CircuitOpenError');
});

test('a fallback that fails too says what it was to stand in for', async () => {
  const { policy } = testPolicy();
  const failed = policy.execute<string>(fails, false);
  const noPrice = async () => {
    throw new Error('no old price', { cause: new Error('the cache is empty') });
  };
  await expect(withFallback(failed, () => true, noPrice)).rejects.toMatchObject({
    message: 'no old price',
    cause: { message: 'the cache is empty', cause: expect.any(Down) },
  });
});
