import { expect, test } from 'vitest';
import { partitionOf } from '../../src/events/bus/partitions.ts';

/** From the reference implementation: other services, in other languages too, must agree. */
test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('the hash of %j is that of FNV-1a', (key, hash) => {
  expect(partitionOf(key, 2 ** 32)).toBe(hash);
});

test('keys spread over all partitions', () => {
  const used = Array.from({ length: 200 }, (_, index) => partitionOf(`order-${index}`, 12));
  expect(new Set(used).size).toBe(12);
});
