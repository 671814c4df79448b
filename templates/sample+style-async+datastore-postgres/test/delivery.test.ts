import { expect, test } from 'vitest';
import { InProcessBus } from '../development/in-process-bus.ts';
import { create } from '../src/application/create.ts';
import { newEvent } from '../src/events/event.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { startService } from './support/service.ts';

test('an event that comes three times has one effect', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const event = newEvent(requestedEvent, 'subject', { reference: 'once' });
  await bus.publish([event, event, event]);
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
  await expect.poll(async () => (await app.inject('/metrics')).body).toContain('outbox_events 1');
  bus.publish = publish;
  await expect.poll(() => bus.published.length, { timeout: 5000 }).toBe(1);
  await expect.poll(async () => (await app.inject('/metrics')).body).toContain('outbox_events 0');
});
