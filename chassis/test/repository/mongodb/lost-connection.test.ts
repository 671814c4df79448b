import { MongoNetworkError } from 'mongodb';
import { describe, expect, test, vi } from 'vitest';
import { InProcessBus } from '../../../src/development/index.ts';
import { messageOf } from '../../../src/events/index.ts';
import { hasMongo, sharedMongo } from '../support/mongodb.ts';
import { requestFor, startNotes } from './notes.ts';

const newDatabase = sharedMongo();

describe.skipIf(!hasMongo)('a connection to MongoDB that is lost', () => {
  test('an event whose write lost its connection comes again, and is not to blame', async () => {
    const bus = new InProcessBus();
    const { database, notes } = await startNotes(await newDatabase(), {
      bus,
      environment: { EVENTS_ATTEMPTS: '1' },
    });
    const { aggregates } = database;
    vi.spyOn(aggregates, 'updateOne').mockRejectedValueOnce(
      new MongoNetworkError('connection closed'),
    );
    await bus.publish([messageOf(requestFor('again'))]);
    const kept = () => notes.all();
    await expect.poll(kept).toMatchObject([{ id: 'again' }]);
    expect(await Array.fromAsync(bus.readDeadLetters())).toEqual([]);
  });

  test('an event whose write was made though its answer was lost has one effect', async () => {
    const bus = new InProcessBus();
    const { app, database, notes } = await startNotes(await newDatabase(), {
      bus,
      environment: { EVENTS_ATTEMPTS: '1' },
    });
    const { aggregates } = database;
    const updateOne = aggregates.updateOne.bind(aggregates);
    vi.spyOn(aggregates, 'updateOne').mockImplementationOnce(async (...args) => {
      await updateOne(...args);
      throw new MongoNetworkError('connection closed');
    });
    await bus.publish([messageOf(requestFor('once'))]);
    const metrics = async () => (await app.inject('/metrics')).body;
    await expect.poll(metrics).toContain(`events_handled_total{type="${requestFor('').type}"} 1`);
    expect(await notes.all()).toHaveLength(1);
    expect(await Array.fromAsync(bus.readDeadLetters())).toEqual([]);
  });
});
