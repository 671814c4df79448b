import { Registry } from 'prom-client';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPolicy, type PolicyOptions } from '../src/resilience/policy.ts';
import { TimeoutError } from '../src/resilience/timeout.ts';

function policy(options: Partial<PolicyOptions>) {
  const tools = { log: pino({ level: 'silent' }), metrics: new Registry() };
  return createPolicy('upstream', () => true, tools, options);
}

const fails = async (): Promise<never> => {
  throw new Error('down');
};

test('repeats what is safe to repeat, and nothing else', async () => {
  let calls = 0;
  const flaky = async () => {
    calls += 1;
    if (calls < 3) throw new Error('down');
    return 'done';
  };
  expect(await policy({ attempts: 3 }).execute(flaky, true)).toBe('done');
  calls = 0;
  await expect(policy({ attempts: 3 }).execute(flaky, false)).rejects.toThrow('down');
  expect(calls).toBe(1);
});

test('gives a slow attempt up and aborts its work', async () => {
  let aborted = false;
  const hangs = ({ signal }: { signal: AbortSignal }) =>
    new Promise<never>(() => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
    });
  const call = policy({ attemptTimeout: 20 }).execute(hangs, false);
  await expect(call).rejects.toBeInstanceOf(TimeoutError);
  expect(aborted).toBe(true);
});

test('stops repeating when the total time is up, and aborts what is running', async () => {
  let calls = 0;
  let aborted = 0;
  const hangs = ({ signal }: { signal: AbortSignal }) => {
    calls += 1;
    return new Promise<never>(() => {
      signal.addEventListener('abort', () => {
        aborted += 1;
      });
    });
  };
  const started = performance.now();
  const guarded = policy({ attempts: 100, attemptTimeout: 40, totalTimeout: 400 });
  await expect(guarded.execute(hangs, true)).rejects.toBeInstanceOf(TimeoutError);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(calls).toBeGreaterThan(1);
  expect(aborted).toBe(calls);
});

test('does not repeat what is no failure of the other side', async () => {
  let calls = 0;
  const tools = { log: pino({ level: 'silent' }), metrics: new Registry() };
  const guarded = createPolicy('upstream', (error) => error.message !== 'refused', tools);
  const refused = async () => {
    calls += 1;
    throw new Error('refused');
  };
  await expect(guarded.execute(refused, true)).rejects.toThrow('refused');
  expect(calls).toBe(1);
});

test('opens after the configured failures, rejects at once, and closes after two good probes', async () => {
  const tools = { log: pino({ level: 'silent' }), metrics: new Registry() };
  const guarded = createPolicy('upstream', () => true, tools, { failuresToOpen: 3, openFor: 50 });
  const state = async () => {
    const metric = await tools.metrics.getSingleMetric('circuit_breaker_state')?.get();
    return metric?.values[0]?.value;
  };
  const [closed, open, halfOpen] = [0, 1, 2];
  const probe = () => guarded.execute(async () => 'back', false).catch(() => 'rejected');
  for (let i = 0; i < 3; i += 1)
    await expect(guarded.execute(fails, false)).rejects.toThrow('down');
  await expect(guarded.execute(fails, false)).rejects.toThrow(/breaker is open/);
  expect(await state()).toBe(open);
  await expect.poll(probe).toBe('back');
  expect(await state()).toBe(halfOpen);
  await expect(guarded.execute(fails, false)).rejects.toThrow('down');
  expect(await state()).toBe(open);
  await expect.poll(probe).toBe('back');
  expect(await probe()).toBe('back');
  expect(await state()).toBe(closed);
});

test('rejects the call that finds no place', async () => {
  const guarded = policy({ running: 1, waiting: 1 });
  const gate = Promise.withResolvers<string>();
  const first = guarded.execute(() => gate.promise, false);
  const second = guarded.execute(() => gate.promise, false);
  await expect(guarded.execute(() => gate.promise, false)).rejects.toThrow(/bulkhead/i);
  gate.resolve('done');
  expect(await Promise.all([first, second])).toEqual(['done', 'done']);
});
