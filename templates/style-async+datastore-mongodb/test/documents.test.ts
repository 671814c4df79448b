import { InProcessBus } from 'service-chassis/development';
import { defineEvent, eventOf } from 'service-chassis/events';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { open__Aggregate__ as open } from '../src/domain/__aggregate_kebab__.ts';
import { newEvent } from '../src/events/event.ts';
import { testParts } from './support/parts.ts';
import { startService } from './support/service.ts';

const noted = defineEvent({ type: 'test.noted.v1', data: z.record(z.string(), z.unknown()) });

/** A service whose bus refuses until it is mended. */
async function startWithBrokenBus(environment: Readonly<Record<string, string>> = {}) {
  const bus = new InProcessBus();
  const publish = bus.publish.bind(bus);
  bus.publish = async () => {
    throw new Error('the bus is down');
  };
  const app = await startService({ bus }, environment);
  const mend = () => {
    bus.publish = publish;
  };
  const published = () => bus.published.map((message) => eventOf(message).data);
  return { app, database: app.database, mend, published };
}

test('a change and its events are one document, and leave only the aggregate when relayed', async () => {
  const { database, mend, published } = await startWithBrokenBus();
  const one = open('one', new Date());
  await database.transaction(async (work) => {
    await work.repository.insert(one);
    await work.publish(newEvent(noted, one.id, { step: 1 }));
    await work.publish(newEvent(noted, one.id, { step: 2 }));
  });
  const documents = () => database.aggregates.find().toArray();
  expect(await documents()).toMatchObject([
    { _id: one.id, aggregate: one, outbox: { events: [/step.*1/, /step.*2/].map(matching) } },
  ]);
  mend();
  await expect.poll(published).toEqual([{ step: 1 }, { step: 2 }]);
  await expect.poll(documents).toEqual([{ _id: one.id, aggregate: one }]);
});

function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

test('an event of an instance that died before it could publish goes out by another', async () => {
  const { environment } = await testParts();
  const dying = await startWithBrokenBus(environment);
  const event = newEvent(noted, 'subject', { left: 'behind' });
  await dying.database.transaction((work) => work.publish(event));
  await dying.app.close();
  const bus = new InProcessBus();
  await startService({ bus }, environment);
  await expect.poll(() => bus.published.map(eventOf)).toMatchObject([{ data: { left: 'behind' } }]);
});

test('a deleted aggregate is gone at once, and its document when its events are out', async () => {
  const { database, mend, published } = await startWithBrokenBus();
  const { repository } = database;
  const one = open('one', new Date());
  await database.transaction(async (work) => {
    await work.repository.insert(one);
    await work.publish(newEvent(noted, one.id, { step: 'created' }));
  });
  await database.transaction(async (work) => {
    await work.repository.delete(one.id, 1);
    await work.publish(newEvent(noted, one.id, { step: 'deleted' }));
  });
  expect(await repository.find(one.id)).toBeUndefined();
  expect(await repository.list({ limit: 10, after: undefined })).toEqual([]);
  expect(await database.aggregates.countDocuments()).toBe(1);
  mend();
  await expect.poll(published).toEqual([{ step: 'created' }, { step: 'deleted' }]);
  await expect.poll(() => database.aggregates.countDocuments()).toBe(0);
});

test('deleting one publishes what is said of it when nothing else waits, too', async () => {
  const { database, mend, published } = await startWithBrokenBus();
  const one = open('one', new Date());
  await database.repository.insert(one);
  await database.transaction(async (work) => {
    await work.repository.delete(one.id, 1);
    await work.publish(newEvent(noted, one.id, { step: 'deleted' }));
  });
  mend();
  await expect.poll(published).toEqual([{ step: 'deleted' }]);
});

test('deleting one whose events still wait keeps them, though it publishes none itself', async () => {
  const { database, mend, published } = await startWithBrokenBus();
  const one = open('one', new Date());
  await database.transaction(async (work) => {
    await work.repository.insert(one);
    await work.publish(newEvent(noted, one.id, { step: 'created' }));
  });
  await database.repository.delete(one.id, 1);
  await database.repository.insert(one);
  mend();
  await expect.poll(published).toEqual([{ step: 'created' }]);
  expect(await database.repository.find(one.id)).toEqual(one);
});

test('events without a change ride in a document of their subject, in order with the others', async () => {
  const { database, mend, published } = await startWithBrokenBus();
  const one = open('one', new Date());
  const publish = (step: number) =>
    database.transaction((work) => work.publish(newEvent(noted, one.id, { step })));
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
  const { database } = await startService({ bus });
  const publish = bus.publish.bind(bus);
  const add = (step: number) =>
    database.transaction((work) => work.publish(newEvent(noted, 'subject', { step })));
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
  const { environment } = await testParts();
  const instances = [
    await startService({ bus }, environment),
    await startService({ bus }, environment),
  ];
  const steps = Array.from({ length: 12 }, (_, index) => index);
  const subjects = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all(
    subjects.map(async (subject) => {
      for (const step of steps)
        await instances[step % 2]?.database.transaction((work) =>
          work.publish(newEvent(noted, subject, { step })),
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
  await database.transaction((work) => work.publish(newEvent(noted, '$subject.x', data)));
  mend();
  await expect.poll(published).toEqual([data]);
});
