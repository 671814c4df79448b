import { expect, test, vi } from 'vitest';
import { InProcessBus } from '../../src/development/index.ts';
import { bytesOf } from '../../src/events/bus/outcomes.ts';
import { deadLetterOf } from '../../src/events/dead-letters.ts';
import { bodyFrom, DeadLetters, dlq, type Message } from '../../src/events/index.ts';
import { orderRequested, startEvents } from '../support/events.ts';

/** What others may send: Latin-1, half a character, every byte there is. */
const bodies = [
  Buffer.from('{"reference":"caf\xe9"}', 'latin1'),
  Buffer.from([0xe2, 0x82]),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
];

function messageOf(bytes: Buffer): Message {
  return { topic: orderRequested.type, key: 'key', ...bodyFrom(bytes), headers: {} };
}

test('a message that is not UTF-8 is a dead letter, and a replay sends the bytes that came', async () => {
  vi.spyOn(console, 'log').mockReturnValue(undefined);
  const apply = vi.fn(async () => undefined);
  const { bus, letters } = await startEvents({ apply });
  await bus.publish(bodies.map(messageOf));
  await expect.poll(letters).toHaveLength(bodies.length);
  const kept = (await letters()).map(({ data }) => data.original.base64);
  expect(kept).toEqual(bodies.map((bytes) => bytes.toString('base64')));
  expect(apply).not.toHaveBeenCalled();
  bus.published.length = 0;
  expect(await dlq('orders', ['replay', 'all'], bus)).toBe(0);
  const replayed = bus.published.filter(({ topic }) => topic === 'orders.replay');
  expect(replayed.map(({ base64 }) => base64)).toEqual(kept);
});

test.each([700_000, 1_040_000])(
  'a letter of %i bytes that are not UTF-8 keeps them all',
  async (length) => {
    const bytes = Buffer.alloc(length, 0xe9);
    const bus = new InProcessBus();
    await bus.connect({ events: [], consumed: [], deadLetters: 'orders.dead-letter' });
    const letter = deadLetterOf(
      'orders',
      messageOf(bytes),
      new Error('no'),
      1,
      bus.maxMessageBytes,
    );
    expect(bytesOf(letter)).toBeLessThanOrEqual(bus.maxMessageBytes);
    expect(await bus.publish([letter])).toEqual([undefined]);
    const [read] = await Array.fromAsync(new DeadLetters('orders', bus).read());
    expect(Buffer.from(read?.data.original.base64 ?? '', 'base64').equals(bytes)).toBe(true);
  },
);
