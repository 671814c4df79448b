import { setTimeout as delay } from 'node:timers/promises';
import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { HttpClient } from '../../src/clients/index.ts';
import { defineHandler, type EventsDatastore } from '../../src/events/index.ts';
import { currentDeadline, TimeoutError } from '../../src/resilience/index.ts';
import { memory, orderRequested, request, startHandler } from '../support/events.ts';
import { startUpstream } from '../support/upstream.ts';

/** What happened, in its order. */
type Steps = string[];

/** A handler that writes down its steps, and fails to prepare as often as it is told. */
function stepping(steps: Steps, failures: readonly Error[] = []) {
  const left = [...failures];
  return defineHandler({
    event: orderRequested,
    async prepare({ reference }) {
      steps.push(`prepare ${reference}`);
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      return reference.toUpperCase();
    },
    async apply(_data, _work: undefined, { prepared }) {
      steps.push(`apply ${prepared}`);
    },
  });
}

/** A service with that handler, whose datastore does what is given. */
async function startStepping(given: Partial<EventsDatastore<undefined>> = {}, failures?: Error[]) {
  const steps: Steps = [];
  const started = await startHandler(stepping(steps, failures), { ...memory, ...given });
  return { ...started, steps };
}

test('what prepare returns reaches apply, with its type, and apply is given nothing of the service', async () => {
  const given: object[] = [];
  const handler = defineHandler({
    event: orderRequested,
    async prepare({ reference }, context) {
      given.push(context);
      expectTypeOf(context.app.log.info).toBeFunction();
      return { length: reference.length };
    },
    async apply({ reference }, _work: undefined, context) {
      given.push(context, { ...context.prepared, reference });
      expectTypeOf(context.prepared).toEqualTypeOf<{ length: number }>();
      // Whatever can call other services stays outside the transaction.
      expectTypeOf(context).not.toHaveProperty('app');
    },
  });
  const { app, bus } = await startHandler(handler, memory);
  await bus.publish([request('A-1')]);
  await expect.poll(() => given).toHaveLength(3);
  expect(given[0]).toHaveProperty('app', app);
  expect(given[1]).not.toHaveProperty('app');
  expect(given[2]).toEqual({ length: 3, reference: 'A-1' });
});

test('a handler that prepares nothing is given nothing prepared, and nothing of the service', async () => {
  const given: object[] = [];
  const handler = defineHandler({
    event: orderRequested,
    async apply(_data, _work: undefined, context) {
      given.push(context);
      expectTypeOf(context).not.toHaveProperty('prepared');
      expectTypeOf(context).not.toHaveProperty('app');
    },
  });
  const { bus } = await startHandler(handler, memory);
  await bus.publish([request('A-1')]);
  await expect.poll(() => given).toHaveLength(1);
  expect(given[0]).not.toHaveProperty('app');
  expect(given[0]).not.toHaveProperty('prepared');
});

test('an attempt that fails to prepare counts, and the next prepares anew', async () => {
  const { app, bus, steps } = await startStepping({}, [new Error('away'), new Error('away')]);
  await bus.publish([request('a')]);
  await expect.poll(() => steps).toEqual(['prepare a', 'prepare a', 'prepare a', 'apply A']);
  const metrics = (await app.inject('/metrics')).body;
  expect(metrics).toContain(`events_failed_total{type="${orderRequested.type}"} 2`);
});

test('an event for which all attempts to prepare fail is a dead letter, and nothing was applied', async () => {
  const { bus, letters, steps } = await startStepping({}, Array(9).fill(new Error('away')));
  await bus.publish([request('a')]);
  await expect.poll(letters).toMatchObject([{ data: { attempts: 5, reason: 'away' } }]);
  expect(steps).toEqual(Array(5).fill('prepare a'));
});

test('an answer of another service that cannot be read is tried again; data that does not fit is not', async () => {
  const unfit = z.string().safeParse(1).error ?? new Error();
  const { bus, letters, steps } = await startStepping({}, [unfit]);
  const broken = { ...request('b'), key: 'b', body: request('b').body.replace('reference', 'ref') };
  await bus.publish([request('a'), broken]);
  await expect.poll(() => steps).toEqual(['prepare a', 'prepare a', 'apply A']);
  await expect.poll(letters).toHaveLength(1);
  const reason = expect.stringContaining(`does not fit the schema of ${orderRequested.type}`);
  expect(await letters()).toMatchObject([{ data: { attempts: 1, reason } }]);
});

test('while the own database is away an attempt to prepare does not count', async () => {
  const outages = ['outage', 'outage', 'no-connection'] as const;
  const faults = [...outages];
  const { bus, letters, steps } = await startStepping(
    { whoseFault: async () => faults.shift() ?? 'attempt' },
    Array(6).fill(new Error('away')),
  );
  await bus.publish([request('a')]);
  // Three that do not count, and three of the five that do.
  await expect.poll(() => steps).toHaveLength(8);
  expect(steps.at(-1)).toBe('apply A');
  expect(await letters()).toEqual([]);
});

test('nothing is prepared for an event that had its effect before', async () => {
  const { bus, steps } = await startStepping({
    wasHandled: async ({ subject }) => subject === 'a',
  });
  await bus.publish([request('a'), request('b')]);
  await expect.poll(() => steps).toEqual(['prepare b', 'apply B']);
  await bus.stopConsuming();
  expect(await bus.lag()).toEqual(new Map([[orderRequested.type, 0]]));
});

test('the limit of an attempt is that of both steps, and is the deadline of what prepare asks', async () => {
  const { url, seen } = await startUpstream();
  const signals: AbortSignal[] = [];
  const handler = defineHandler({
    event: orderRequested,
    async prepare(_data, { app, signal }) {
      signals.push(signal);
      expect(currentDeadline()?.signal).toBe(signal);
      await delay(100);
      const client = new HttpClient('stock', url, { log: app.log, metrics: app.metrics });
      return client.request('GET', '/').finally(() => client.close());
    },
    async apply(_data, _work: undefined, { signal }) {
      signals.push(signal);
      expect(currentDeadline()).toBeUndefined();
    },
  });
  const environment = { EVENTS_HANDLER_TIMEOUT_MS: '5000' };
  const { bus } = await startHandler(handler, memory, { environment });
  await bus.publish([request('a')]);
  await expect.poll(() => signals).toHaveLength(2);
  expect(signals[1]).toBe(signals[0]);
  // 95 % of the 4900 ms that are left.
  expect(Number(seen[0]?.headers['x-request-timeout-ms'])).toBeLessThanOrEqual(4655);
});

test('a prepare that takes too long is given up: its signal aborts, and apply does not run', async () => {
  const reasons: unknown[] = [];
  let applied = 0;
  const handler = defineHandler({
    event: orderRequested,
    prepare: (_data, { signal }) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return new Promise<string>(() => undefined);
    },
    apply: async (_data, _work: undefined) => {
      applied += 1;
    },
  });
  const environment = { EVENTS_HANDLER_TIMEOUT_MS: '100', EVENTS_ATTEMPTS: '2' };
  const { bus, letters } = await startHandler(handler, memory, { environment });
  await bus.publish([request('a')]);
  await expect.poll(letters).toMatchObject([{ data: { attempts: 2 } }]);
  expect(reasons).toEqual([new TimeoutError(100), new TimeoutError(100)]);
  expect(applied).toBe(0);
});
