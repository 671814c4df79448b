import { expect, test } from 'vitest';
import { ReadAhead } from '../../src/nats/read-ahead.ts';

test('many small messages are asked for, and few large ones', () => {
  expect(new ReadAhead(0).messages).toBe(100);
  expect(new ReadAhead(1000).messages).toBe(100);
  expect(new ReadAhead(100_000).messages).toBe(20);
  expect(new ReadAhead(5_000_000).messages).toBe(2);
});

test('one large message is enough to ask for fewer, and is forgotten slowly', () => {
  const ahead = new ReadAhead(1000);
  ahead.saw(1_000_000);
  expect(ahead.messages).toBe(2);
  expect(ahead.isFarFrom(100)).toBe(true);
  expect(ahead.isFarFrom(3)).toBe(false);
  for (let count = 0; count < 100; count += 1) ahead.saw(1000);
  expect(ahead.messages).toBeGreaterThan(10);
  expect(ahead.isFarFrom(2)).toBe(true);
  for (let count = 0; count < 300; count += 1) ahead.saw(1000);
  expect(ahead.messages).toBe(100);
});
