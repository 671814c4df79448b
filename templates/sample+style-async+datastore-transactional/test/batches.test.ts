import { InProcessBus } from 'service-chassis/development';
import { DeadLetters, messageOf } from 'service-chassis/events';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Repository } from '../src/database/repository.ts';
import { newEvent } from '../src/events/event.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { serviceInfo } from '../src/service-info.ts';
import { startService } from './support/service.ts';

const count = 200;
const references = Array.from({ length: count }, (_, index) => `order ${index}`);

function request(reference: string) {
  return messageOf(newEvent(requestedEvent, reference, { reference }));
}

type Handle = (insert: () => Promise<void>, reference: string) => Promise<void>;

/** A service whose handler has proved quick, so that its events may share transactions. */
async function startWarm(handle: Handle = (insert) => insert()) {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const kept = async () => {
    const all = await app.database.repository.list({ limit: 2 * count, after: undefined });
    return all.map(({ reference }) => reference).filter((reference) => reference !== 'warm');
  };
  const all = async () =>
    (await app.database.repository.list({ limit: count, after: undefined })).length;
  const warm = Array.from({ length: 60 }, () => request('warm'));
  await bus.publish(warm);
  await expect.poll(all).toBe(warm.length);
  const repository: Repository = Object.getPrototypeOf(app.database.repository);
  const { insert } = repository;
  const spy = vi.spyOn(repository, 'insert');
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementation(function (this: Repository, created) {
    return handle(() => insert.call(this, created), created.reference);
  });
  return { app, bus, kept };
}

/** In the midst of others. */
function among(reference: string) {
  return [...references.slice(0, 20), reference, ...references.slice(20)].map(request);
}

test('events that wait at the same moment share transactions, each with one effect', async () => {
  const { app, bus, kept } = await startWarm();
  const transactions = vi.spyOn(app.database, 'inTransaction');
  const messages = references.map(request);
  await bus.publish([...messages, ...messages]);
  await expect.poll(kept).toHaveLength(count);
  await bus.stopConsuming();
  expect((await kept()).toSorted()).toEqual(references.toSorted());
  expect(transactions.mock.calls.length).toBeLessThan(count);
});

test('a backlog shares transactions as soon as its handler has proved quick', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const transactions = vi.spyOn(app.database, 'inTransaction');
  await bus.publish(references.map(request));
  const kept = () => app.database.repository.list({ limit: 2 * count, after: undefined });
  await expect.poll(kept).toHaveLength(count);
  await bus.stopConsuming();
  expect(transactions.mock.calls.length).toBeLessThan(count / 2);
});

test('one that fails is tried as often as ever, and is counted against no other', async () => {
  const { app, bus, kept } = await startWarm(async (insert, reference) => {
    if (reference === 'poison') throw new Error('cannot stomach it');
    await insert();
  });
  await bus.publish(among('poison'));
  const letters = () => Array.fromAsync(new DeadLetters(serviceInfo.name, bus).read());
  await expect.poll(letters).toMatchObject([{ data: { attempts: 5 } }]);
  await expect.poll(kept).toHaveLength(count);
  expect((await kept()).toSorted()).toEqual(references.toSorted());
  const { body } = await app.inject('/metrics');
  expect(body).toContain(`events_failed_total{type="${requestedEvent.type}"} 5`);
});

test('one that is slow holds up those that share with it for a moment only', async () => {
  const gate = Promise.withResolvers<void>();
  const { bus, kept } = await startWarm(async (insert, reference) => {
    if (reference === 'slow') await gate.promise;
    await insert();
  });
  await bus.publish(among('slow'));
  await expect.poll(kept, { timeout: 8000 }).toHaveLength(count);
  expect(await kept()).not.toContain('slow');
  gate.resolve();
  await expect.poll(kept).toContain('slow');
  await bus.stopConsuming();
  expect(await kept()).toHaveLength(count + 1);
});

test('one that catches the error of a statement takes no other effect with it', async () => {
  const { bus, kept } = await startWarm(async (insert, reference) => {
    await insert();
    // Where such an error undoes all, this one cannot be handled; and nobody takes it for handled.
    if (reference === 'twice') await insert().catch(() => undefined);
  });
  await bus.publish(among('twice'));
  const others = async () => (await kept()).filter((reference) => reference !== 'twice');
  await expect.poll(others, { timeout: 8000 }).toHaveLength(count);
  const letters = () => Array.fromAsync(new DeadLetters(serviceInfo.name, bus).read());
  const either = async () => (await kept()).length - count + (await letters()).length;
  await expect.poll(either).toBe(1);
});
