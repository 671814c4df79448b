import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { InProcessBus } from '../development/in-process-bus.ts';
import { create } from '../src/application/create.ts';
import { newEvent } from '../src/events/event.ts';
import { eventOf, messageOf } from '../src/events/message.ts';
import createdEvent from '../src/events/schemas/__aggregate_kebab__-created.v1.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { startService } from './support/service.ts';

async function startWithBus() {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const topics = () => bus.published.map(({ topic }) => topic);
  const kept = () => app.database.repository.list({ limit: 100, after: undefined });
  return { app, bus, kept, topics };
}

function request(reference: string) {
  return messageOf(newEvent(requestedEvent, randomUUID(), { reference }));
}

test('creating one publishes exactly one event about it', async () => {
  const { app, bus, topics } = await startWithBus();
  const created = await app.database.transaction((work) => create(work, { reference: 'A-1' }));
  await expect.poll(topics).toEqual([createdEvent.type]);
  expect(bus.published.map(eventOf)).toMatchObject([
    { specversion: '1.0', subject: created.id, data: { id: created.id, reference: 'A-1' } },
  ]);
});

test('work that fails publishes nothing', async () => {
  const { app, topics } = await startWithBus();
  const failing = app.database.transaction(async (work) => {
    await create(work, { reference: 'never' });
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow();
  await app.database.transaction((work) => create(work, { reference: 'later' }));
  await expect.poll(topics).toEqual([createdEvent.type]);
});

test('a request by event creates one and says so', async () => {
  const { bus, kept, topics } = await startWithBus();
  await bus.publish([request('asked for')]);
  await expect.poll(topics).toEqual([requestedEvent.type, createdEvent.type]);
  expect(await kept()).toMatchObject([{ reference: 'asked for' }]);
});

test('an event in binary mode is as good', async () => {
  const { bus, kept } = await startWithBus();
  await bus.publish([
    {
      topic: requestedEvent.type,
      key: 'subject',
      body: '{"reference":"in binary mode"}',
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: '1',
        ce_source: '/elsewhere',
        ce_type: requestedEvent.type,
      },
    },
  ]);
  await expect.poll(kept).toMatchObject([{ reference: 'in binary mode' }]);
});

test('a handler that hangs turns readiness off, and is given up when its time is over', async () => {
  const bus = new InProcessBus();
  const limits = {
    EVENTS_STUCK_AFTER_MS: '2000',
    EVENTS_HANDLER_TIMEOUT_MS: '6000',
    EVENTS_ATTEMPTS: '1',
  };
  const app = await startService({ bus }, limits);
  const repository = Object.getPrototypeOf(app.database.repository);
  const hangs = Promise.withResolvers<void>();
  vi.spyOn(repository, 'insert').mockReturnValueOnce(hangs.promise);
  await bus.publish([request('hangs')]);
  const ready = async () => (await app.inject('/health/ready')).json();
  await expect.poll(ready).toMatchObject({
    status: 'not_ready',
    checks: { events: { reason: expect.stringContaining('in the works') } },
  });
  const letters = () => Array.fromAsync(bus.readDeadLetters());
  await expect.poll(letters).toHaveLength(1);
  await expect.poll(ready).toMatchObject({ status: 'ready' });
  hangs.resolve();
});
