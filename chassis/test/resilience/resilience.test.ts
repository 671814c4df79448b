import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { type Attempt, DeadlineExceededError, TimeoutError } from '../../src/resilience/index.ts';
import { Down, fails, hangs, Refused, testPolicy, works } from '../support/policy.ts';

const quick = { backoffBase: 1 };

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('repeats what is safe to repeat, and nothing else', async () => {
  const { policy, metric } = testPolicy(quick);
  const flaky = vi.fn(works).mockImplementationOnce(fails).mockImplementationOnce(fails);
  expect(await policy.execute(flaky, true)).toBe('done');
  expect(flaky).toHaveBeenCalledTimes(3);
  expect(await metric('dependency_retries_total{dependency="upstream",outcome="made"}')).toBe(2);
  const failing = vi.fn(fails);
  await expect(testPolicy(quick).policy.execute(failing, false)).rejects.toThrow('down');
  expect(failing).toHaveBeenCalledTimes(1);
  await expect(testPolicy(quick).policy.execute(failing, true)).rejects.toThrow('down');
  expect(failing).toHaveBeenCalledTimes(4);
});

test('does not repeat what is no failure of the other side', async () => {
  const refused = vi.fn(() => Promise.reject(new Refused('refused')));
  await expect(testPolicy(quick).policy.execute(refused, true)).rejects.toThrow('refused');
  expect(refused).toHaveBeenCalledTimes(1);
});

test('gives a slow attempt up and aborts its work', async () => {
  let aborted = false;
  const listens = ({ signal }: Attempt) =>
    new Promise<never>(() => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
    });
  const call = testPolicy({ attemptTimeout: 20 }).policy.execute(listens, false);
  await expect(call).rejects.toBeInstanceOf(TimeoutError);
  expect(aborted).toBe(true);
});

test('stops repeating when the total time is up, and aborts what is running', async () => {
  let calls = 0;
  let aborted = 0;
  const listens = ({ signal }: Attempt) => {
    calls += 1;
    return new Promise<never>(() => {
      signal.addEventListener('abort', () => {
        aborted += 1;
      });
    });
  };
  const started = performance.now();
  const limits = { attempts: 100, attemptTimeout: 40, totalTimeout: 400, ...quick };
  const call = testPolicy(limits).policy.execute(listens, true);
  await expect(call).rejects.toBeInstanceOf(TimeoutError);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(calls).toBeGreaterThan(1);
  expect(aborted).toBe(calls);
});

test('pauses between attempts grow up to a cap, each anywhere up to its limit', async () => {
  vi.useFakeTimers();
  const random = vi.spyOn(Math, 'random');
  for (const [drawn, expected] of [
    [0.5, [0, 500, 1500, 3500, 7500, 12_500, 17_500]],
    [0.1, [0, 100, 300, 700, 1500, 2500, 3500]],
  ] as const) {
    random.mockReturnValue(drawn);
    const started = performance.now();
    const at: number[] = [];
    const failing = async () => {
      at.push(Math.round(performance.now() - started));
      throw new Down();
    };
    const { policy } = testPolicy({ attempts: 7, totalTimeout: 60_000 });
    const call = expect(policy.execute(failing, true)).rejects.toThrow('down');
    await vi.advanceTimersByTimeAsync(60_000);
    await call;
    expect(at).toEqual(expected);
  }
});

test('leaves the other side alone for as long as it asks, or gives up at once', async () => {
  const { policy } = testPolicy({ ...quick, totalTimeout: 5000 });
  const busy = vi.fn(works).mockRejectedValueOnce(new Down(150));
  const started = performance.now();
  expect(await policy.execute(busy, true)).toBe('done');
  expect(performance.now() - started).toBeGreaterThanOrEqual(145);
  const longBusy = vi.fn(works).mockRejectedValueOnce(new Down(60_000));
  await expect(policy.execute(longBusy, true)).rejects.toThrow('down');
  expect(longBusy).toHaveBeenCalledTimes(1);
});

test('retries at most double the load, and a call alone may use all its attempts', async () => {
  const never = { failuresToOpen: 1000, callsForRate: 1000, running: 100 };
  const { policy, metric } = testPolicy({ ...quick, ...never, attempts: 5 });
  const failing = vi.fn(fails);
  await policy.execute(failing, true).catch(() => undefined);
  expect(failing).toHaveBeenCalledTimes(5);
  const calls = Array.from({ length: 59 }, () => policy.execute(failing, true));
  await Promise.allSettled(calls);
  expect(failing).toHaveBeenCalledTimes(120);
  const overBudget = 'dependency_retries_total{dependency="upstream",outcome="over_budget"}';
  expect(await metric(overBudget)).toBeGreaterThan(0);
});

test('a caller that gives up is told at once, and that counts against nobody', async () => {
  const { policy, metric } = testPolicy({ failuresToOpen: 1 });
  const caller = new AbortController();
  const call = policy.execute(hangs, true, { signal: caller.signal });
  caller.abort(new Error('never mind'));
  await expect(call).rejects.toThrow('never mind');
  expect(await policy.execute(works, true)).toBe('done');
  expect(await metric('dependency_calls_total{dependency="upstream",outcome="cancelled"}')).toBe(1);
});

test("a caller's deadline ends a call, and a short one counts against nobody", async () => {
  const { policy } = testPolicy({ failuresToOpen: 1 });
  const call = policy.execute(hangs, true, { at: performance.now() + 20 });
  await expect(call).rejects.toBeInstanceOf(DeadlineExceededError);
  expect(await policy.execute(works, true)).toBe('done');
});

test('a call that says so may take longer than an attempt usually does', async () => {
  const { policy } = testPolicy({ attemptTimeout: 20, totalTimeout: 30, failuresToOpen: 1 });
  const slow = () => new Promise<string>((resolve) => setTimeout(resolve, 80, 'done'));
  expect(await policy.execute(slow, false, { timeout: 5000 })).toBe('done');
  await expect(policy.execute(hangs, false, { timeout: 20 })).rejects.toBeInstanceOf(TimeoutError);
});

/** Answers after so long, if it is let. */
const slow =
  (milliseconds: number) =>
  ({ signal }: Attempt) =>
    delay(milliseconds, 'done', { signal });

test("a caller's deadline is no failure of what is slow but healthy, whatever its length", async () => {
  const { policy } = testPolicy({ failuresToOpen: 1, attemptTimeout: 400, running: 50 });
  const calls = Array.from({ length: 20 }, (_, index) =>
    policy.execute(slow(250), false, { at: performance.now() + 10 * (index + 1) }),
  );
  for (const call of calls) await expect(call).rejects.toBeInstanceOf(DeadlineExceededError);
  await delay(300);
  expect(await policy.execute(slow(250), false)).toBe('done');
});

test('what hangs is found out, though all its callers set deadlines', async () => {
  const { policy, metric } = testPolicy({ failuresToOpen: 3, attemptTimeout: 100 });
  const started = vi.fn(hangs);
  for (let call = 0; call < 3; call += 1) {
    const hurried = policy.execute(started, true, { at: performance.now() + 30 });
    await expect(hurried).rejects.toBeInstanceOf(DeadlineExceededError);
  }
  // What goes on without its caller takes no place.
  expect(await metric('bulkhead_calls{dependency="upstream",state="running"}')).toBe(0);
  await expect.poll(() => metric('circuit_breaker_state{dependency="upstream"}')).toBe(1);
  expect(started).toHaveBeenCalledTimes(3);
});

test('no more than five attempts go on without their callers, and none when the caller has gone', async () => {
  const { policy } = testPolicy({ attemptTimeout: 60_000, running: 50 });
  let given = 0;
  const listens = ({ signal }: Attempt) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        given += 1;
        reject(signal.reason);
      });
    });
  const calls = Array.from({ length: 12 }, () =>
    policy.execute(listens, false, { at: performance.now() + 30 }),
  );
  await Promise.allSettled(calls);
  expect(given).toBe(7);
  const caller = new AbortController();
  const limits = { at: performance.now() + 50_000, signal: caller.signal };
  const call = policy.execute(listens, false, limits);
  caller.abort(new Error('gone'));
  await expect(call).rejects.toThrow('gone');
  expect(given).toBe(8);
  policy.close();
  expect(given).toBe(13);
});

test('a call in the middle of its retries makes no further attempt once the circuit is open', async () => {
  const { policy } = testPolicy({ attempts: 5, backoffBase: 20, failuresToOpen: 1 });
  const failing = vi.fn(fails);
  const call = policy.execute(failing, true);
  await expect(policy.execute(fails, false)).rejects.toThrow('down');
  await expect(call).rejects.toThrow('down');
  expect(failing).toHaveBeenCalledTimes(1);
});

test("the time that a call waits for a place is not the dependency's", async () => {
  const limits = { failuresToOpen: 1, attemptTimeout: 200, running: 1 };
  const { policy } = testPolicy(limits);
  const before = policy.execute(() => delay(150), true);
  const late = policy.execute(hangs, true, { at: performance.now() + 170 });
  await expect(late).rejects.toBeInstanceOf(DeadlineExceededError);
  await before;
  expect(await policy.execute(works, true)).toBe('done');
});
