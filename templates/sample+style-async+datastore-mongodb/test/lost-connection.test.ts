import { MongoNetworkError } from 'mongodb';
import { InProcessBus } from 'service-chassis/development';
import { messageOf } from 'service-chassis/events';
import { expect, test, vi } from 'vitest';
import { newEvent } from '../src/events/event.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { startService } from './support/service.ts';

test('an event whose write lost its connection comes again, and is not to blame', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus }, { EVENTS_ATTEMPTS: '1' });
  const { aggregates, repository } = app.database;
  vi.spyOn(aggregates, 'updateOne').mockRejectedValueOnce(
    new MongoNetworkError('connection closed'),
  );
  await bus.publish([messageOf(newEvent(requestedEvent, 'subject', { reference: 'again' }))]);
  const kept = () => repository.list({ limit: 10, after: undefined });
  await expect.poll(kept).toMatchObject([{ reference: 'again' }]);
  expect(await Array.fromAsync(bus.readDeadLetters())).toEqual([]);
});

test('an event whose write was made though its answer was lost has one effect', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus }, { EVENTS_ATTEMPTS: '1' });
  const { aggregates, repository } = app.database;
  const updateOne = aggregates.updateOne.bind(aggregates);
  vi.spyOn(aggregates, 'updateOne').mockImplementationOnce(async (...args) => {
    await updateOne(...args);
    throw new MongoNetworkError('connection closed');
  });
  await bus.publish([messageOf(newEvent(requestedEvent, 'subject', { reference: 'once' }))]);
  const metrics = async () => (await app.inject('/metrics')).body;
  await expect.poll(metrics).toContain(`events_handled_total{type="${requestedEvent.type}"} 1`);
  expect(await repository.list({ limit: 10, after: undefined })).toHaveLength(1);
  expect(await Array.fromAsync(bus.readDeadLetters())).toEqual([]);
});
