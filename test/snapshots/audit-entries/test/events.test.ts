import { randomUUID } from 'node:crypto';
import { InProcessBus } from 'service-chassis/development';
import { eventOf } from 'service-chassis/events';
import { expect, test } from 'vitest';
import { createAuditEntry } from '../src/application/create-audit-entry.ts';
import { newEvent } from '../src/events/event.ts';
import createdEvent from '../src/events/schemas/audit-entry-created.v1.ts';
import requestedEvent from '../src/events/schemas/audit-entry-requested.v1.ts';
import { startService } from './support/service.ts';

async function startWithBus() {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const published = () => bus.published.map((message) => eventOf(message).type);
  return { app, bus, published };
}

test('publishes an event about an audit entry that was created', async () => {
  const { app, bus, published } = await startWithBus();
  const { id } = await app.database.transaction((work) => {
    return createAuditEntry(work, { reference: 'A-1' });
  });
  await expect.poll(published).toEqual([createdEvent.type]);
  const [event] = bus.published.map(eventOf);
  expect(event).toMatchObject({ subject: id, sequence: '0000000001' });
  expect(event?.data).toEqual({ id, reference: 'A-1' });
});

test('publishes nothing when the unit of work fails', async () => {
  const { app, published } = await startWithBus();
  const failing = app.database.transaction(async (work) => {
    await createAuditEntry(work, { reference: 'failed' });
    throw new Error('something went wrong');
  });
  await expect(failing).rejects.toThrow('something went wrong');
  await app.database.transaction((work) => {
    return createAuditEntry(work, { reference: 'A-1' });
  });
  await expect.poll(published).toEqual([createdEvent.type]);
});

test('creates the audit entry that another service requests', async () => {
  const { app, bus, published } = await startWithBus();
  const request = newEvent(requestedEvent, randomUUID(), { reference: 'A-1' });
  await bus.publish([app.events.messageOf(request)]);
  await expect.poll(published).toEqual([requestedEvent.type, createdEvent.type]);
  const created = await app.database.repository.list({ limit: 10, after: undefined });
  expect(created).toMatchObject([{ reference: 'A-1' }]);
});
