import { describe, expect, test } from 'vitest';
import { InProcessBus } from '../../../src/development/index.ts';
import { eventOf } from '../../../src/events/index.ts';
import { hasMongo, sharedMongo } from '../support/mongodb.ts';
import { newNote, notedEvent, startNotes } from './notes.ts';

const newDatabase = sharedMongo();

/** A service whose bus refuses until it is mended. */
async function startWithBrokenBus(config?: Awaited<ReturnType<typeof newDatabase>>) {
  const bus = new InProcessBus();
  const publish = bus.publish.bind(bus);
  bus.publish = async () => {
    throw new Error('the bus is down');
  };
  const { app, database } = await startNotes(config ?? (await newDatabase()), { bus });
  const mend = () => {
    bus.publish = publish;
  };
  const published = () => bus.published.map((message) => eventOf(message).data);
  return { app, database, mend, published };
}

function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

describe.skipIf(!hasMongo)('the outbox in documents of MongoDB', () => {
  test('a change and its events are one document, and leave only the aggregate when relayed', async () => {
    const { database, mend, published } = await startWithBrokenBus();
    const one = newNote('1', 'one');
    await database.transaction(async (work) => {
      await work.notes.insert(one);
      await work.publish(notedEvent(one.id, { step: 1 }));
      await work.publish(notedEvent(one.id, { step: 2 }));
    });
    const documents = () => database.aggregates.find().toArray();
    expect(await documents()).toMatchObject([
      { _id: one.id, aggregate: one, outbox: { events: [/step.*1/, /step.*2/].map(matching) } },
    ]);
    mend();
    await expect.poll(published).toEqual([{ step: 1 }, { step: 2 }]);
    await expect.poll(documents).toEqual([{ _id: one.id, aggregate: one }]);
  });

  test('an event of an instance that died before it could publish goes out by another', async () => {
    const config = await newDatabase();
    const dying = await startWithBrokenBus(config);
    const event = notedEvent('subject', { left: 'behind' });
    await dying.database.transaction((work) => work.publish(event));
    await dying.app.close();
    const bus = new InProcessBus();
    await startNotes(config, { bus });
    await expect
      .poll(() => bus.published.map(eventOf))
      .toMatchObject([{ data: { left: 'behind' } }]);
  });

  test('a deleted aggregate is gone at once, and its document when its events are out', async () => {
    const { database, mend, published } = await startWithBrokenBus();
    const { repository } = database;
    const one = newNote('1', 'one');
    await database.transaction(async (work) => {
      await work.notes.insert(one);
      await work.publish(notedEvent(one.id, { step: 'created' }));
    });
    await database.transaction(async (work) => {
      await work.notes.delete(one.id, 1);
      await work.publish(notedEvent(one.id, { step: 'deleted' }));
    });
    expect(await repository.find(one.id)).toBeUndefined();
    expect(await repository.all()).toEqual([]);
    expect(await database.aggregates.countDocuments()).toBe(1);
    mend();
    await expect.poll(published).toEqual([{ step: 'created' }, { step: 'deleted' }]);
    await expect.poll(() => database.aggregates.countDocuments()).toBe(0);
  });

  test('deleting one publishes what is said of it when nothing else waits, too', async () => {
    const { database, mend, published } = await startWithBrokenBus();
    const one = newNote('1', 'one');
    await database.repository.insert(one);
    await database.transaction(async (work) => {
      await work.notes.delete(one.id, 1);
      await work.publish(notedEvent(one.id, { step: 'deleted' }));
    });
    mend();
    await expect.poll(published).toEqual([{ step: 'deleted' }]);
  });

  test('deleting one whose events still wait keeps them, though it publishes none itself', async () => {
    const { database, mend, published } = await startWithBrokenBus();
    const one = newNote('1', 'one');
    await database.transaction(async (work) => {
      await work.notes.insert(one);
      await work.publish(notedEvent(one.id, { step: 'created' }));
    });
    await database.repository.delete(one.id, 1);
    await database.repository.insert(one);
    mend();
    await expect.poll(published).toEqual([{ step: 'created' }]);
    expect(await database.repository.find(one.id)).toEqual(one);
  });

  test('events without a change ride in a document of their subject, in order with the others', async () => {
    const { database, mend, published } = await startWithBrokenBus();
    const one = newNote('1', 'one');
    const publish = (step: number) =>
      database.transaction((work) => work.publish(notedEvent(one.id, { step })));
    await publish(1);
    await database.repository.insert(one);
    await publish(2);
    expect(await database.aggregates.countDocuments()).toBe(1);
    mend();
    await expect.poll(published).toEqual([{ step: 1 }, { step: 2 }]);
    await expect.poll(() => database.aggregates.findOne()).toEqual({ _id: one.id, aggregate: one });
    await publish(3);
    await database.repository.delete(one.id, 1);
    await expect.poll(published).toHaveLength(3);
    await expect.poll(() => database.aggregates.countDocuments()).toBe(0);
  });

  test('an event that comes while others of its aggregate are being published is not lost', async () => {
    const bus = new InProcessBus();
    const { database } = await startNotes(await newDatabase(), { bus });
    const publish = bus.publish.bind(bus);
    const add = (step: number) =>
      database.transaction((work) => work.publish(notedEvent('subject', { step })));
    bus.publish = async (messages) => {
      bus.publish = publish;
      await add(2);
      return publish(messages);
    };
    await add(1);
    const published = () => bus.published.map((message) => eventOf(message).data);
    await expect.poll(published).toEqual([{ step: 1 }, { step: 2 }]);
    await expect.poll(() => database.aggregates.countDocuments()).toBe(0);
    expect(published()).toHaveLength(2);
  });

  test('two instances publish each event once, those of one aggregate in their order', async () => {
    const bus = new InProcessBus();
    const config = await newDatabase();
    const instances = [await startNotes(config, { bus }), await startNotes(config, { bus })];
    const steps = Array.from({ length: 12 }, (_, index) => index);
    const subjects = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(
      subjects.map(async (subject) => {
        for (const step of steps)
          await instances[step % 2]?.database.transaction((work) =>
            work.publish(notedEvent(subject, { step })),
          );
      }),
    );
    await expect.poll(() => bus.published.length).toBe(steps.length * subjects.length);
    for (const subject of subjects) {
      const own = bus.published.map(eventOf).filter((event) => event.subject === subject);
      expect(own.map(({ data }) => data)).toEqual(steps.map((step) => ({ step })));
    }
  });

  test('whatever names an event gives its data, it is published as it was', async () => {
    const { database, mend, published } = await startWithBrokenBus();
    const data = { $set: { 'a.b': 1 }, _bsontype: 'ObjectId', values: [null, -0.5, 'ü'] };
    await database.transaction((work) => work.publish(notedEvent('$subject.x', data)));
    mend();
    await expect.poll(published).toEqual([data]);
  });
});
