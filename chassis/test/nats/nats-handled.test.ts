import { expect, test } from 'vitest';
import { Handled } from '../../src/nats/handled.ts';

test('what is handled beyond a message that is not is written down one by one, until that is', () => {
  const handled = new Handled(0, []);
  for (const sequence of [3, 5, 9]) expect(handled.begin(sequence)).toBe(true);
  handled.end(5);
  handled.end(9);
  expect([handled.upTo, handled.beyond, handled.open]).toEqual([0, [5, 9], 1]);
  handled.end(3);
  expect([handled.upTo, handled.beyond, handled.open]).toEqual([9, [], 0]);
});

test('the next reader is given only what the one before had not handled', () => {
  const handled = new Handled(3, [5, 9]);
  expect([4, 5, 9, 12].filter((sequence) => handled.begin(sequence))).toEqual([4, 12]);
  handled.end(4);
  expect([handled.upTo, handled.beyond]).toEqual([9, []]);
});

test('a message that is not handled lets others run ahead, though not without end', async () => {
  const handled = new Handled(0, []);
  let mayRead = false;
  handled.begin(1);
  for (let sequence = 2; sequence <= 1000; sequence += 1) {
    await handled.room();
    handled.begin(sequence);
    handled.end(sequence);
  }
  const room = handled.room().then(() => {
    mayRead = true;
  });
  await new Promise(setImmediate);
  expect(mayRead).toBe(false);
  handled.end(1);
  await room;
});
