import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { assertOrder, bodies, keyed, message, numbers } from './messages.ts';
import { type BusCheck, busCheck, newTopics } from './trial.ts';

/** What waits for what. */
export const orderChecks: readonly BusCheck[] = [
  busCheck('keeps the order of each key while keys are handled side by side', async (trial) => {
    const topics = newTopics();
    const service = await trial.instance(topics);
    await service.consume(topics.topic, () => delay(Math.random() * 10));
    await service.publish(keyed(topics.topic, 20, 15));
    await trial.eventually(() => assert.equal(service.handled.length, 300));
    assertOrder(service.handled, 20, 15);
    assert.ok(service.most > 1, 'one after the other');
  }),

  busCheck('brings again what was rejected, before the next of its key', async (trial) => {
    const topics = newTopics();
    const service = await trial.instance(topics);
    let rejections = 0;
    await service.consume(topics.topic, async ({ body }) => {
      if (body !== 'b' || rejections === 2) return;
      rejections += 1;
      throw new Error('not now');
    });
    await service.publish(['a', 'b', 'c'].map((body) => message(topics.topic, 'key', body)));
    await trial.eventually(() =>
      assert.deepEqual([...new Set(bodies(service.handled))], ['a', 'b', 'c']),
    );
    const given = bodies(service.given);
    assert.equal(given.filter((body) => body === 'b').length, 3);
    assert.ok(given.indexOf('c') > given.lastIndexOf('b'), given.join());
  }),

  busCheck('lets a message that hangs hold up no other key', async (trial) => {
    const topics = newTopics();
    const service = await trial.instance(topics);
    await service.consume(topics.topic, async ({ key }) => {
      if (key === 'bad') await trial.hang();
    });
    await service.publish([message(topics.topic, 'bad', 'hangs'), ...keyed(topics.topic, 100, 5)]);
    await trial.eventually(() => assert.equal(service.handled.length, 500));
    assertOrder(service.handled, 100, 5);
  }),

  busCheck('lets a key of which hundreds of messages wait hold up no other', async (trial) => {
    const topics = newTopics();
    const service = await trial.instance(topics);
    await service.consume(topics.topic, async ({ key }) => {
      if (key === 'hot') await trial.hang();
    });
    await service.publish(
      numbers(700).map((place) => message(topics.topic, 'hot', `hot ${place}`)),
    );
    await service.publish(keyed(topics.topic, 100, 1));
    await trial.eventually(() => assert.ok(service.handled.length >= 100));
    assertOrder(service.handled, 100, 1);
  }),

  busCheck('has no more in the works at once than it may', async (trial) => {
    const topics = newTopics();
    const service = await trial.instance(topics);
    await service.consume(topics.topic, () => delay(50));
    await service.publish(numbers(1000).map((key) => message(topics.topic, `${key}`, 'x')));
    await trial.eventually(() => assert.equal(service.handled.length, 1000));
    assert.ok(service.most <= 256, `${service.most} at once`);
  }),
];
