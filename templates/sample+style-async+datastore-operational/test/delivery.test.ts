import { InProcessBus } from 'service-chassis/development';
import { messageOf } from 'service-chassis/events';
import { expect, test } from 'vitest';
import { create__Aggregate__ as create } from '../src/application/create-__aggregate_kebab__.ts';
import { newEvent } from '../src/events/event.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { testParts } from './support/parts.ts';
import { startService } from './support/service.ts';

test('an event that comes three times has one effect', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const message = messageOf(newEvent(requestedEvent, 'subject', { reference: 'once' }));
  await bus.publish([message, message, message]);
  await bus.stopConsuming();
  const kept = await app.database.repository.list({ limit: 10, after: undefined });
  expect(kept).toHaveLength(1);
});

test('events wait in the outbox while the bus refuses, and go out when it is back', async () => {
  const bus = new InProcessBus();
  const publish = bus.publish.bind(bus);
  bus.publish = async () => {
    throw new Error('the bus is down');
  };
  const app = await startService({ bus });
  await app.database.transaction((work) => create(work, { reference: 'waits' }));
  const metrics = async () => (await app.inject('/metrics')).body;
  await expect.poll(metrics).toMatch(/outbox_events 1\n[\s\S]*outbox_oldest_event_seconds 0\.\d/);
  bus.publish = publish;
  await expect.poll(() => bus.published.length).toBe(1);
  await expect.poll(metrics).toContain('outbox_events 0');
});

test('of several instances one relays each event', async () => {
  const bus = new InProcessBus();
  const { environment } = await testParts();
  const instances = [
    await startService({ bus }, environment),
    await startService({ bus }, environment),
  ];
  const references = Array.from({ length: 200 }, (_, index) => `order ${index}`);
  await Promise.all(
    references.map((reference, index) =>
      instances[index % 2]?.database.transaction((work) => create(work, { reference })),
    ),
  );
  await expect.poll(() => bus.published.length).toBe(references.length);
  await Promise.all(instances.map((app) => app.close()));
  expect(bus.published).toHaveLength(references.length);
  expect(new Set(bus.published.map(({ key }) => key)).size).toBe(references.length);
});

test('a relay that is stuck is shown, and keeps no caller out', async () => {
  const bus = new InProcessBus();
  const limits = {
    DATABASE_STATEMENT_TIMEOUT_MS: '200',
    EVENTS_HANDLER_TIMEOUT_MS: '500',
    EVENTS_ATTEMPTS: '1',
    EVENTS_STUCK_AFTER_MS: '2000',
  };
  const app = await startService({ bus }, limits);
  const published = Promise.withResolvers<undefined[]>();
  bus.publish = () => published.promise;
  await app.database.transaction((work) => create(work, { reference: 'stuck' }));
  const ready = async () => (await app.inject('/health/ready')).json();
  await expect.poll(ready).toMatchObject({
    status: 'ready',
    checks: { outbox: { status: 'down', reason: expect.stringContaining('nothing was relayed') } },
  });
  published.resolve([undefined]);
  await expect.poll(ready).toMatchObject({ checks: { outbox: { status: 'up' } } });
});
