import type { FastifyInstance } from 'fastify';
import { InProcessBus } from 'service-chassis/development';
import { defineEvent } from 'service-chassis/events';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { UnitOfWork } from '../src/database/unit-of-work.ts';
import {
  change__Aggregate__ as revise,
  open__Aggregate__ as open,
} from '../src/domain/__aggregate_kebab__.ts';
import { newEvent } from '../src/events/event.ts';
import { eventsDatastore } from '../src/events/datastore.ts';
import { pruneInbox } from '../src/inbox/inbox.ts';
import { testParts } from './support/parts.ts';
import { startService } from './support/service.ts';

const asked = defineEvent({ type: 'test.asked.v1', data: z.object({}) });
const hourMs = 3_600_000;

/** Two instances of the service on one database, and a bus. */
async function startTwo() {
  const bus = new InProcessBus();
  const { environment } = await testParts();
  const first = await startService({ bus }, environment);
  const second = await startService({ bus }, environment);
  const { repository, aggregates, db } = first.database;
  const kept = () => repository.list({ limit: 10, after: undefined });
  return { bus, first, second, repository, aggregates, db, kept };
}

type Handle = (work: UnitOfWork) => Promise<void>;

function deliver(app: FastifyInstance, event: ReturnType<typeof newEvent>, handle: Handle) {
  const handler = { type: asked.type, handle };
  const { signal } = new AbortController();
  return eventsDatastore(app).handleOnce(handler, { event, log: app.log, app, signal });
}

/** Delivers an event to both instances so that each has begun before either is done, and once more. */
async function deliverThrice(
  { first, second }: Awaited<ReturnType<typeof startTwo>>,
  handle: Handle,
): Promise<void> {
  const event = newEvent(asked, 'subject', {});
  const bothBegan = Promise.withResolvers<void>();
  let began = 0;
  const together: Handle = async (work) => {
    await handle(work);
    began += 1;
    if (began === 2) bothBegan.resolve();
    await bothBegan.promise;
  };
  await Promise.all([deliver(first, event, together), deliver(second, event, together)]);
  expect(began).toBe(2);
  await deliver(second, event, () => Promise.reject(new Error('it was handled already')));
}

test('an event that creates one creates one, however often and wherever it comes', async () => {
  const two = await startTwo();
  await deliverThrice(two, (work) => work.repository.insert(open('asked for', new Date())));
  expect(await two.kept()).toHaveLength(1);
});

test('an event that changes one changes it once, however often and wherever it comes', async () => {
  const two = await startTwo();
  const one = open('1', new Date());
  await two.repository.insert(one);
  await deliverThrice(two, async ({ repository }) => {
    const found = await repository.find(one.id);
    if (found === undefined) throw new Error('it is not there');
    const reference = String(Number(found.reference) + 1);
    await repository.update(revise(found, { reference, status: 'open' }, new Date()));
  });
  expect(await two.kept()).toMatchObject([{ reference: '2', version: 2 }]);
});

test('an event that deletes one does so once, and the next of that id is another', async () => {
  const two = await startTwo();
  const one = open('1', new Date());
  await two.repository.insert(one);
  await deliverThrice(two, ({ repository }) => repository.delete(one.id, 1));
  await two.repository.insert(one);
  expect(await two.kept()).toEqual([one]);
});

test('an event that only leads to another does so once, however often and wherever it comes', async () => {
  const two = await startTwo();
  await deliverThrice(two, (work) => work.publish(newEvent(asked, 'another', {})));
  await expect.poll(() => two.bus.published.length).toBe(1);
  await two.first.close();
  await two.second.close();
  expect(two.bus.published).toHaveLength(1);
});

test('an event that leads to nothing is noted all the same', async () => {
  const two = await startTwo();
  await deliverThrice(two, async () => undefined);
  expect(await two.db.collection('inbox').countDocuments()).toBe(1);
});

test('another event, and the same id of another publisher, are handled', async () => {
  const { first, kept } = await startTwo();
  const event = newEvent(asked, 'subject', {});
  const others = [event, { ...event, source: '/elsewhere' }, newEvent(asked, 'subject', {})];
  for (const other of others)
    await deliver(first, other, (work) => work.repository.insert(open('new', new Date())));
  expect(await kept()).toHaveLength(3);
});

test('what was handled moves out of the document, is known as long as it must be, and no longer', async () => {
  const { first, aggregates, db, kept } = await startTwo();
  const event = newEvent(asked, 'subject', {});
  const handle: Handle = (work) => work.repository.insert(open('asked for', new Date()));
  await deliver(first, event, handle);
  await pruneInbox(first.database, 24);
  expect(await aggregates.findOne()).toHaveProperty('inbox');

  await setHandledAt(aggregates, 3);
  await pruneInbox(first.database, 24);
  expect(await aggregates.findOne()).not.toHaveProperty('inbox');
  await deliver(first, event, handle);
  expect(await kept()).toHaveLength(1);

  const longAgo = new Date(Date.now() - 25 * hourMs);
  await db.collection('inbox').updateMany({}, { $set: { handledAt: longAgo } });
  await pruneInbox(first.database, 24);
  await deliver(first, event, handle);
  expect(await kept()).toHaveLength(2);
});

function setHandledAt(aggregates: FastifyInstance['database']['aggregates'], hoursAgo: number) {
  const handledAt = [new Date(Date.now() - hoursAgo * hourMs)];
  return aggregates.updateMany({}, { $set: { 'inbox.handledAt': handledAt } });
}

test('a document that has lost its aggregate and its events goes when its inbox does', async () => {
  const { first, aggregates } = await startTwo();
  const event = newEvent(asked, 'subject', {});
  await deliver(first, event, (work) => work.publish(newEvent(asked, 'another', {})));
  await expect.poll(() => aggregates.findOne()).not.toHaveProperty('outbox');
  await setHandledAt(aggregates, 3);
  await pruneInbox(first.database, 24);
  expect(await aggregates.countDocuments()).toBe(0);
});
