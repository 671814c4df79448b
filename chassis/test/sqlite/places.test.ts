import { expect, test } from 'vitest';
import { Places } from '../../src/sqlite/places.ts';

test('places are given in the order of asking, and none is lost with those who give up', async () => {
  const places = new Places(1);
  const leave = await places.take(1000);
  expect(places.tryTake()).toBeUndefined();
  const stop = new AbortController();
  const givesUp = places.take(1000, stop.signal);
  const tooLate = places.take(20);
  const order: string[] = [];
  const waits = ['first', 'second'].map(async (name) => {
    const done = await places.take(1000);
    order.push(name);
    done();
  });
  expect(places.waiting).toBe(4);
  stop.abort(new Error('given up'));
  await expect(givesUp).rejects.toThrow('given up');
  await expect(tooLate).rejects.toMatchObject({ kind: 'pool', statusCode: 503 });
  leave();
  leave();
  await Promise.all(waits);
  expect(order).toEqual(['first', 'second']);
  expect(places.taken).toBe(0);
});

test('whoever gives up in the moment in which it is given the place passes it on', async () => {
  const places = new Places(1);
  const leave = await places.take(1000);
  const stop = new AbortController();
  const givesUp = places.take(1000, stop.signal);
  const next = places.take(1000);
  stop.abort(new Error('given up'));
  leave();
  await expect(givesUp).rejects.toThrow('given up');
  (await next)();
  await places.empty();
});
