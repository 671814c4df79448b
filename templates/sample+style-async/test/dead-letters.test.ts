import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { InProcessBus } from '../development/in-process-bus.ts';
import { deadLetters } from '../src/events/dead-letter.ts';
import { dlq } from '../src/events/dlq-command.ts';
import { newEvent } from '../src/events/event.ts';
import { messageOf } from '../src/events/message.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { startService } from './support/service.ts';

function request(reference: string) {
  return messageOf(newEvent(requestedEvent, randomUUID(), { reference }));
}

async function startWithLetters() {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const letters = () => Array.fromAsync(deadLetters(bus));
  const references = async () => {
    const kept = await app.database.repository.list({ limit: 100, after: undefined });
    return kept.map(({ reference }) => reference);
  };
  return { app, bus, letters, references };
}

test('a message that is no event becomes a dead letter and stops nobody', async () => {
  const { bus, letters, references } = await startWithLetters();
  const poison = {
    topic: requestedEvent.type,
    key: 'same',
    body: '{"not": "an event"}',
    headers: {},
  };
  await bus.publish([poison, { ...request('good'), key: 'same' }]);
  await expect.poll(references).toEqual(['good']);
  expect(await letters()).toMatchObject([
    { data: { original: poison, reason: expect.any(String), attempts: 0 } },
  ]);
});

test('an event whose handler keeps failing is kept, and handled by a replay when that is mended', async () => {
  vi.spyOn(console, 'log').mockReturnValue(undefined);
  const { app, bus, letters, references } = await startWithLetters();
  const insert = vi.spyOn(Object.getPrototypeOf(app.database.repository), 'insert');
  insert.mockRejectedValue(new Error('the handler is broken'));
  await bus.publish([request('poison')]);
  await expect
    .poll(letters)
    .toMatchObject([
      { data: { reason: 'the handler is broken', attempts: 5, stack: expect.any(String) } },
    ]);
  insert.mockRestore();
  expect(await dlq(['list'], bus)).toBe(0);
  expect(await dlq(['replay', 'all'], bus)).toBe(0);
  await expect.poll(references).toEqual(['poison']);
  expect(await letters()).toEqual([]);
});

test('a dead letter can be dropped, and what is not there is said', async () => {
  vi.spyOn(console, 'log').mockReturnValue(undefined);
  const said = vi.spyOn(console, 'error').mockReturnValue(undefined);
  const { bus, letters } = await startWithLetters();
  await bus.publish([{ topic: requestedEvent.type, key: 'x', body: '', headers: {} }]);
  await expect.poll(letters).toHaveLength(1);
  expect(await dlq(['drop', randomUUID()], bus)).toBe(1);
  expect(said).toHaveBeenCalledWith('There is none of that id.');
  expect(await dlq(['drop', 'all'], bus)).toBe(0);
  expect(await letters()).toEqual([]);
  expect(await dlq(['remove'], bus)).toBe(2);
});
