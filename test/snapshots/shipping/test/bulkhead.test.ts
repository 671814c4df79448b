import { expect, test, vi } from 'vitest';
import { DeadlineExceededError } from '../src/resilience/deadline.ts';
import { withFallback } from '../src/resilience/fallback.ts';
import { BulkheadFullError, CircuitOpenError } from '../src/resilience/rejection.ts';
import { Down, fails, testPolicy, works } from './support/policy.ts';

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
  const refused = () => Promise.reject(new Error('refused'));
  await expect(withFallback(policy.execute(refused, true), isDown, instead)).rejects.toThrow(
    'refused',
  );
  const failed = policy.execute<string>(fails, false);
  expect(await withFallback(failed, isDown, instead)).toBe('instead of Error');
  const rejected = policy.execute(works, false);
  expect(await withFallback(rejected, isDown, instead)).toBe('instead of CircuitOpenError');
});
