import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { InProcessBus } from '../development/in-process-bus.ts';
import { create } from '../src/application/create.ts';
import { newEvent } from '../src/events/event.ts';
import createdEvent from '../src/events/schemas/__aggregate_kebab__-created.v1.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { startService } from './support/service.ts';

async function startWithBus() {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const typesPublished = () => bus.published.map(({ type }) => type);
  const kept = () => app.database.repository.list({ limit: 100, after: undefined });
  return { app, bus, kept, typesPublished };
}

test('creating one publishes exactly one event about it', async () => {
  const { app, bus, typesPublished } = await startWithBus();
  const created = await app.database.transaction((work) => create(work, { reference: 'A-1' }));
  await expect.poll(typesPublished).toEqual([createdEvent.type]);
  expect(bus.published[0]).toMatchObject({
    specversion: '1.0',
    subject: created.id,
    data: { id: created.id, reference: 'A-1' },
  });
});

test('work that fails publishes nothing', async () => {
  const { app, typesPublished } = await startWithBus();
  const failing = app.database.transaction(async (work) => {
    await create(work, { reference: 'never' });
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow();
  await app.database.transaction((work) => create(work, { reference: 'later' }));
  await expect.poll(typesPublished).toEqual([createdEvent.type]);
});

test('a request by event creates one and says so', async () => {
  const { bus, kept, typesPublished } = await startWithBus();
  await bus.publish([newEvent(requestedEvent, randomUUID(), { reference: 'asked for' })]);
  await expect.poll(typesPublished).toEqual([requestedEvent.type, createdEvent.type]);
  expect(await kept()).toMatchObject([{ reference: 'asked for' }]);
});

test('an event that can never be handled goes to its dead-letter topic and stops nobody', async () => {
  const { bus, kept } = await startWithBus();
  const poison = '{"not": "an event"}';
  const good = newEvent(requestedEvent, 'same-subject', { reference: 'good' });
  bus.deliver({ type: requestedEvent.type, body: poison }, 'same-subject');
  await bus.publish([good]);
  await expect.poll(kept).toMatchObject([{ reference: 'good' }]);
  const letter = bus.published.find(({ type }) => type === `${requestedEvent.type}.dead-letter`);
  expect(letter?.data).toMatchObject({ original: poison, reason: expect.any(String) });
});
