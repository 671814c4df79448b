import { expect, test } from 'vitest';
import { Lanes } from '../src/events/bus/lanes.ts';

test('tasks of one key run in order, and a slow key holds up no other', async () => {
  const lanes = new Lanes(2);
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

test('no more run at once than allowed, and whoever adds too many has to wait', async () => {
  const lanes = new Lanes(3);
  let [running, most, added] = [0, 0, 0];
  const gate = Promise.withResolvers<void>();
  const addAll = (async () => {
    for (let key = 0; key < 100; key += 1) {
      await lanes.add(String(key), async () => {
        running += 1;
        most = Math.max(most, running);
        await gate.promise;
        running -= 1;
      });
      added += 1;
    }
  })();
  await new Promise(setImmediate);
  expect(most).toBe(3);
  expect(added).toBeLessThan(30);
  gate.resolve();
  await addAll;
  await lanes.idle();
  expect(most).toBe(3);
});
