import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { InProcessBus } from '../../../src/development/index.ts';
import type { CloudEvent } from '../../../src/events/index.ts';
import { requireInboxIndex } from '../../../src/mongodb/needed-index.ts';
import { hasMongo, sharedMongo } from '../support/mongodb.ts';
import { type NoteWork, newNote, notedEvent, revised, startNotes } from './notes.ts';

const newDatabase = sharedMongo();
const hourMs = 3_600_000;

type Service = Awaited<ReturnType<typeof startNotes>>;

/** Two instances of a service on one database, and a bus. */
async function startTwo() {
  const bus = new InProcessBus();
  const config = await newDatabase();
  const first = await startNotes(config, { bus });
  const second = await startNotes(config, { bus });
  const { aggregates, db } = first.database;
  const kept = () => first.notes.all();
  return { bus, first, second, aggregates, db, kept };
}

type Apply = (work: NoteWork) => Promise<void>;

function deliver({ app, datastore }: Service, event: CloudEvent, apply: Apply) {
  const handler = { type: event.type, apply };
  const { signal } = new AbortController();
  return datastore.handleOnce(handler, { event, log: app.log, signal });
}

/** Delivers an event to both instances so that each has begun before either is done, and once more. */
async function deliverThrice(
  { first, second }: Awaited<ReturnType<typeof startTwo>>,
  apply: Apply,
): Promise<void> {
  const event = notedEvent('subject', {});
  const bothBegan = Promise.withResolvers<void>();
  let began = 0;
  const together: Apply = async (work) => {
    await apply(work);
    began += 1;
    if (began === 2) bothBegan.resolve();
    await bothBegan.promise;
  };
  await Promise.all([deliver(first, event, together), deliver(second, event, together)]);
  expect(began).toBe(2);
  await deliver(second, event, () => Promise.reject(new Error('it was handled already')));
}

function setHandledAt(aggregates: Service['database']['aggregates'], hoursAgo: number) {
  const handledAt = [new Date(Date.now() - hoursAgo * hourMs)];
  return aggregates.updateMany({}, { $set: { 'inbox.handledAt': handledAt } });
}

describe.skipIf(!hasMongo)('events in MongoDB', () => {
  test('an event that creates one creates one, however often and wherever it comes', async () => {
    const two = await startTwo();
    await deliverThrice(two, (work) => work.notes.insert(newNote(randomUUID(), 'asked for')));
    expect(await two.kept()).toHaveLength(1);
  });

  test('an event that changes one changes it once, however often and wherever it comes', async () => {
    const two = await startTwo();
    const one = newNote('1', '1');
    await two.first.notes.insert(one);
    await deliverThrice(two, async ({ notes }) => {
      const found = await notes.find(one.id);
      if (found === undefined) throw new Error('it is not there');
      const text = String(Number(found.text) + 1);
      await notes.update(revised(found, text));
    });
    expect(await two.kept()).toMatchObject([{ text: '2', version: 2 }]);
  });

  test('an event that deletes one does so once, and the next of that id is another', async () => {
    const two = await startTwo();
    const one = newNote('1', '1');
    await two.first.notes.insert(one);
    await deliverThrice(two, ({ notes }) => notes.delete(one.id, 1));
    await two.first.notes.insert(one);
    expect(await two.kept()).toEqual([one]);
  });

  test('an event that only leads to another does so once, however often and wherever it comes', async () => {
    const two = await startTwo();
    await deliverThrice(two, (work) => work.publish(notedEvent('another', {})));
    await expect.poll(() => two.bus.published.length).toBe(1);
    await two.first.app.close();
    await two.second.app.close();
    expect(two.bus.published).toHaveLength(1);
  });

  test('an event that leads to nothing is noted all the same', async () => {
    const two = await startTwo();
    await deliverThrice(two, async () => undefined);
    expect(await two.db.collection('inbox').countDocuments()).toBe(1);
  });

  test('another event, and the same id of another publisher, are handled', async () => {
    const { first, kept } = await startTwo();
    const event = notedEvent('subject', {});
    const others = [event, { ...event, source: '/elsewhere' }, notedEvent('subject', {})];
    for (const other of others)
      await deliver(first, other, (work) => work.notes.insert(newNote(randomUUID(), 'new')));
    expect(await kept()).toHaveLength(3);
  });

  test('what was handled moves out of the document, is known as long as it must be, and no longer', async () => {
    const { first, aggregates, db, kept } = await startTwo();
    const event = notedEvent('subject', {});
    const apply: Apply = (work) => work.notes.insert(newNote(randomUUID(), 'asked for'));
    await deliver(first, event, apply);
    await first.pruneInbox(24);
    expect(await aggregates.findOne()).toHaveProperty('inbox');

    await setHandledAt(aggregates, 3);
    await first.pruneInbox(24);
    expect(await aggregates.findOne()).not.toHaveProperty('inbox');
    await deliver(first, event, apply);
    expect(await kept()).toHaveLength(1);

    const longAgo = new Date(Date.now() - 25 * hourMs);
    await db.collection('inbox').updateMany({}, { $set: { handledAt: longAgo } });
    await first.pruneInbox(24);
    await deliver(first, event, apply);
    expect(await kept()).toHaveLength(2);
  });

  test('a database without the index that refuses a second effect is refused itself, with the reason', async () => {
    const { first, aggregates } = await startTwo();
    await requireInboxIndex(aggregates);
    await aggregates.dropIndex('inbox_events');
    await expect(requireInboxIndex(aggregates)).rejects.toThrow(
      'The collection notes has no unique index on inbox.events',
    );
    await first.app.close();
  });

  test('a document that has lost its aggregate and its events goes when its inbox does', async () => {
    const { first, aggregates } = await startTwo();
    const event = notedEvent('subject', {});
    await deliver(first, event, (work) => work.publish(notedEvent('another', {})));
    await expect.poll(() => aggregates.findOne()).not.toHaveProperty('outbox');
    await setHandledAt(aggregates, 3);
    await first.pruneInbox(24);
    expect(await aggregates.countDocuments()).toBe(0);
  });
});
