import { expect, test } from 'vitest';
import { Lanes } from '../src/events/bus/lanes.ts';

test('tasks of one key run in order, and a slow key holds up no other', async () => {
  const lanes = new Lanes(16);
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const task = (name: string, wait?: Promise<void>) => async () => {
    await wait;
    order.push(name);
  };
  await lanes.add('slow', task('slow 1', gate.promise));
  await lanes.add('slow', task('slow 2'));
  await lanes.add('quick', task('quick 1'));
  await lanes.add('quick', task('quick 2'));
  await expect.poll(() => order).toEqual(['quick 1', 'quick 2']);
  gate.resolve();
  await lanes.idle();
  expect(order).toEqual(['quick 1', 'quick 2', 'slow 1', 'slow 2']);
});

test('whoever adds more than there is room for has to wait', async () => {
  const lanes = new Lanes(24);
  let [added, run] = [0, 0];
  const gate = Promise.withResolvers<void>();
  const addAll = (async () => {
    for (let key = 0; key < 100; key += 1) {
      await lanes.add(String(key % 30), async () => {
        await gate.promise;
        run += 1;
      });
      added += 1;
    }
  })();
  await new Promise(setImmediate);
  expect(added).toBe(24);
  gate.resolve();
  await addAll;
  await lanes.idle();
  expect(run).toBe(100);
});
