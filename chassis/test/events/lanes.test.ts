import { expect, test } from 'vitest';
import { Lanes } from '../../src/events/bus/lanes.ts';

test('tasks of one key run in order, and a slow key holds up no other', async () => {
  const lanes = new Lanes(16);
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const task = (name: string, wait?: Promise<void>) => async () => {
    await wait;
    order.push(name);
  };
  await lanes.add('slow', 1, task('slow 1', gate.promise));
  await lanes.add('slow', 1, task('slow 2'));
  await lanes.add('quick', 1, task('quick 1'));
  await lanes.add('quick', 1, task('quick 2'));
  await expect.poll(() => order).toEqual(['quick 1', 'quick 2']);
  gate.resolve();
  await lanes.idle();
  expect(order).toEqual(['quick 1', 'quick 2', 'slow 1', 'slow 2']);
});

test('whoever adds more keys than there is room for has to wait', async () => {
  const lanes = new Lanes(24);
  let [added, run] = [0, 0];
  const gate = Promise.withResolvers<void>();
  const addAll = (async () => {
    for (let key = 0; key < 100; key += 1) {
      await lanes.add(String(key % 30), 1, async () => {
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

test('a key with thousands of tasks that wait keeps no other from being added', async () => {
  const lanes = new Lanes(24);
  const gate = Promise.withResolvers<void>();
  for (let index = 0; index < 5000; index += 1)
    expect(lanes.add('hot', 100, () => gate.promise)).toBeUndefined();
  const other = Promise.withResolvers<void>();
  expect(lanes.add('other', 100, async () => other.resolve())).toBeUndefined();
  await other.promise;
  gate.resolve();
  await lanes.idle();
});

test('what is held is bounded by its bytes, and stays in the order of its key', async () => {
  const lanes = new Lanes(24);
  const gate = Promise.withResolvers<void>();
  const order: number[] = [];
  let added = 0;
  const addAll = (async () => {
    for (let index = 0; index < 100; index += 1) {
      await lanes.add(String(index % 2), 1_000_000, async () => {
        await gate.promise;
        order.push(index);
      });
      added += 1;
    }
  })();
  await new Promise(setImmediate);
  expect(added).toBe(34);
  gate.resolve();
  await addAll;
  await lanes.idle();
  for (const rest of [0, 1]) {
    const ofKey = order.filter((index) => index % 2 === rest);
    expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b));
    expect(ofKey).toHaveLength(50);
  }
});
