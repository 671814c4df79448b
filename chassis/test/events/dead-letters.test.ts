import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { dlq, messageOf } from '../../src/events/index.ts';
import { newEvent, orderRequested, request, startEvents } from '../support/events.ts';

/** A service that keeps what it was asked for. */
async function startKeeping() {
  const kept: string[] = [];
  const apply = vi.fn(async (reference: string) => void kept.push(reference));
  return { ...(await startEvents({ apply })), kept, apply };
}

test('a message that is no event becomes a dead letter and stops nobody', async () => {
  const { bus, letters, kept } = await startKeeping();
  const poison = {
    topic: orderRequested.type,
    key: 'same',
    body: '{"not": "an event"}',
    headers: {},
  };
  await bus.publish([poison, { ...request('good'), key: 'same' }]);
  await expect.poll(() => kept).toEqual(['good']);
  expect(await letters()).toMatchObject([
    { data: { original: poison, reason: expect.any(String), attempts: 0 } },
  ]);
});

test('an event whose handler keeps failing is kept, and handled by a replay when that is mended', async () => {
  vi.spyOn(console, 'log').mockReturnValue(undefined);
  const { bus, letters, kept, apply } = await startKeeping();
  const working = apply.getMockImplementation();
  apply.mockRejectedValue(new Error('the handler is broken'));
  await bus.publish([request('poison')]);
  await expect
    .poll(letters)
    .toMatchObject([
      { data: { reason: 'the handler is broken', attempts: 5, stack: expect.any(String) } },
    ]);
  apply.mockImplementation(working ?? (async () => undefined));
  expect(await dlq('orders', ['list'], bus)).toBe(0);
  expect(await dlq('orders', ['replay', 'all'], bus)).toBe(0);
  await expect.poll(() => kept).toEqual(['poison']);
  expect(await letters()).toEqual([]);
});

test('a dead letter can be dropped, and the exit code tells what could not be done', async () => {
  vi.spyOn(console, 'log').mockReturnValue(undefined);
  const printed = vi.spyOn(console, 'error').mockReturnValue(undefined);
  const { bus, letters } = await startKeeping();
  await bus.publish([{ topic: orderRequested.type, key: 'x', body: '', headers: {} }]);
  await expect.poll(letters).toHaveLength(1);
  expect(await dlq('orders', ['drop', randomUUID()], bus)).toBe(1);
  expect(printed).toHaveBeenCalledWith('There is none of that id.');
  expect(await dlq('orders', ['drop', 'all'], bus)).toBe(0);
  expect(await letters()).toEqual([]);
  expect(await dlq('orders', ['remove'], bus)).toBe(2);
});

test('a replay of what is older than what was handled since is refused, unless that is wanted', async () => {
  vi.spyOn(console, 'log').mockReturnValue(undefined);
  const kept: string[] = [];
  const notes = new Map<string, number>();
  let isBroken = true;
  const { bus, letters } = await startEvents({
    async apply(reference) {
      if (reference === 'old' && isBroken) throw new Error('the handler is broken');
      kept.push(reference);
    },
    datastore: {
      attemptsOf: async ({ id }) => notes.get(id),
      noteAttempts: async ({ id }, attempts) => void notes.set(id, attempts),
    },
  });
  const version = (reference: string, version: number) =>
    messageOf(newEvent(orderRequested, 'order', { reference }, version));
  await bus.publish([version('old', 9), version('new', 10)]);
  await expect.poll(() => kept).toEqual(['new']);
  isBroken = false;
  expect(await dlq('orders', ['replay', 'all'], bus)).toBe(0);
  const reason = expect.stringMatching(/0000000009 is stale, as 10 was handled/);
  await expect.poll(letters).toMatchObject([{ data: { reason, attempts: 0 } }]);
  expect(kept).toEqual(['new']);
  expect(await dlq('orders', ['replay', 'all', '--stale'], bus)).toBe(0);
  await expect.poll(() => kept).toEqual(['new', 'old']);
  expect(await letters()).toEqual([]);
});
