import { expect, test } from 'vitest';
import { type Committable, Offsets } from '../../src/kafka/offsets.ts';

function message(offset: bigint, partition = 0): Committable {
  return { topic: 'orders', partition, offset, commit: () => undefined };
}

test('an offset is committed once all before it are handled', () => {
  const offsets = new Offsets();
  const first = offsets.begin(message(1n));
  const second = offsets.begin(message(2n));
  const third = offsets.begin(message(3n));
  expect(offsets.end(second)).toBeUndefined();
  expect(offsets.end(first)?.offset).toBe(2n);
  expect(offsets.end(third)?.offset).toBe(3n);
});

test('a partition does not wait for another', () => {
  const offsets = new Offsets();
  offsets.begin(message(1n, 0));
  const other = offsets.begin(message(1n, 1));
  expect(offsets.end(other)).toMatchObject({ partition: 1, offset: 1n });
});

test('what comes again counts anew, and what was begun before that commits nothing', () => {
  const offsets = new Offsets();
  const before = offsets.begin(message(1n));
  const unfinished = offsets.begin(message(2n));
  const again = offsets.begin(message(1n));
  expect(offsets.end(before)).toBeUndefined();
  expect(offsets.end(unfinished)).toBeUndefined();
  expect(offsets.end(again)?.offset).toBe(1n);
});
