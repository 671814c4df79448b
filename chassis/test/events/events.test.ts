import { expect, onTestFinished, test } from 'vitest';
import { InProcessBus } from '../../src/development/index.ts';
import { eventOf, messageOf } from '../../src/events/index.ts';
import { startCollector } from '../../src/testing/index.ts';
import { newEvent, orderRequested, request, startEvents } from '../support/events.ts';

test('an event in binary mode is as good as one in structured mode', async () => {
  const kept: string[] = [];
  const { bus } = await startEvents({ apply: async (reference) => void kept.push(reference) });
  await bus.publish([
    {
      topic: orderRequested.type,
      key: 'subject',
      body: '{"reference":"in binary mode"}',
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: '1',
        ce_source: '/elsewhere',
        ce_type: orderRequested.type,
      },
    },
  ]);
  await expect.poll(() => kept).toEqual(['in binary mode']);
});

test('an event that is stuck is shown, and keeps no caller out', async () => {
  const environment = {
    EVENTS_HANDLER_TIMEOUT_MS: '500',
    EVENTS_ATTEMPTS: '1',
    EVENTS_STUCK_AFTER_MS: '2000',
  };
  const apply = () => new Promise<void>(() => undefined);
  const { app, bus, letters } = await startEvents({ apply, environment });
  // The dead letter gets no answer, either.
  const publish = bus.publish.bind(bus);
  const answered = Promise.withResolvers<void>();
  await bus.publish([request('hangs')]);
  bus.publish = async (messages) => {
    await answered.promise;
    return publish(messages);
  };
  const ready = async () => (await app.inject('/health/ready')).json();
  await expect.poll(ready, { timeout: 10_000 }).toMatchObject({
    status: 'ready',
    checks: { events: { status: 'down', reason: expect.stringContaining('in the works') } },
  });
  answered.resolve();
  await expect.poll(letters).toHaveLength(1);
  await expect
    .poll(ready, { timeout: 10_000 })
    .toMatchObject({ checks: { events: { status: 'up' } } });
});

test.each([
  { fault: 'attempt', isLost: true },
  { fault: 'no-connection', isLost: false },
] as const)('a failure that is $fault counts as an attempt: $isLost', async ({ fault, isLost }) => {
  let tries = 0;
  const { app, bus, letters } = await startEvents({
    async apply() {
      tries += 1;
      if (tries <= 12) throw new Error('no');
    },
    datastore: { whoseFault: async () => fault },
    environment: { EVENTS_ATTEMPTS: '5' },
  });
  await bus.publish([request('A-1')]);
  const [attempts, dead] = isLost ? [5, 1] : [13, 0];
  await expect.poll(() => tries).toBe(attempts);
  await expect.poll(letters).toHaveLength(dead);
  const [letter] = await letters();
  if (isLost) expect(JSON.stringify(letter)).toContain('"attempts":5');
  await app.close();
});

test('an event carries its trace through the handler into the events that follow from it', async () => {
  const collector = await startCollector();
  onTestFinished(() => collector.close());
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const bus = new InProcessBus();
  const { app } = await startEvents({
    bus,
    environment,
    apply: async (reference) => {
      if (reference === 'traced') await bus.publish([request('followed')]);
    },
  });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const publisherSpanId = 'b7ad6b7169203331';
  const event = newEvent(orderRequested, 'subject', { reference: 'traced' });
  const traceparent = `00-${traceId}-${publisherSpanId}-01`;
  const tracestate = 'vendor=what-it-wants-to-know';
  await bus.publish([messageOf({ ...event, traceparent, tracestate })]);
  await expect.poll(() => bus.published.length).toBe(2);
  await app.close();
  const spans = collector.spans.filter(({ name }) => name === `process ${orderRequested.type}`);
  const first = spans.find(({ parentSpanId }) => parentSpanId === publisherSpanId);
  expect(first).toMatchObject({ traceId });
  const followed = bus.published.map(eventOf).at(1);
  expect(followed?.traceparent).toBe(`00-${traceId}-${first?.spanId}-01`);
  expect(followed?.tracestate).toBe(tracestate);
});
