import { randomUUID } from 'node:crypto';
import { InProcessBus } from 'service-chassis/development';
import { eventOf, messageOf } from 'service-chassis/events';
import { expect, test } from 'vitest';
import { create } from '../src/application/create.ts';
import { newEvent } from '../src/events/event.ts';
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
    {
      specversion: '1.0',
      subject: created.id,
      sequence: '0000000001',
      data: { id: created.id, reference: 'A-1' },
    },
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
