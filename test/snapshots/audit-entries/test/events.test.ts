import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { InProcessBus } from '../development/in-process-bus.ts';
import { create } from '../src/application/create.ts';
import { newEvent } from '../src/events/event.ts';
import { eventOf, messageOf } from '../src/events/message.ts';
import createdEvent from '../src/events/schemas/audit-entry-created.v1.ts';
import requestedEvent from '../src/events/schemas/audit-entry-requested.v1.ts';
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

test('an event that is stuck is shown, and keeps no caller out', async () => {
  const bus = new InProcessBus();
  const limits = {
    DATABASE_STATEMENT_TIMEOUT_MS: '200',
    EVENTS_HANDLER_TIMEOUT_MS: '500',
    EVENTS_ATTEMPTS: '1',
    EVENTS_STUCK_AFTER_MS: '2000',
  };
  const app = await startService({ bus }, limits);
  const repository = Object.getPrototypeOf(app.database.repository);
  const hangs = Promise.withResolvers<void>();
  vi.spyOn(repository, 'insert').mockReturnValueOnce(hangs.promise);
  await bus.publish([request('hangs')]);
  // The dead letter gets no answer, either.
  const publish = bus.publish.bind(bus);
  const answered = Promise.withResolvers<void>();
  bus.publish = async (messages) => {
    await answered.promise;
    return publish(messages);
  };
  const ready = async () => (await app.inject('/health/ready')).json();
  await expect.poll(ready).toMatchObject({
    status: 'ready',
    checks: { events: { status: 'down', reason: expect.stringContaining('in the works') } },
  });
  answered.resolve();
  const letters = () => Array.fromAsync(bus.readDeadLetters());
  await expect.poll(letters).toHaveLength(1);
  await expect.poll(ready).toMatchObject({ checks: { events: { status: 'up' } } });
  hangs.resolve();
});
