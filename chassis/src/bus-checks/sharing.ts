import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { assertOrder, bodies, keyed, message, numbers } from './messages.ts';
import { type BusCheck, busCheck, newTopics, type Trial } from './trial.ts';

function betweenInstances(name: string, tryOut: (trial: Trial) => Promise<void>): BusCheck {
  return busCheck(name, tryOut, true);
}

/** Who is brought what. */
export const sharingChecks: readonly BusCheck[] = [
  betweenInstances('hands each message to every service that wants it', async (trial) => {
    const topics = newTopics();
    const orders = await trial.instance(topics);
    const billing = await trial.instance(topics, { service: 'billing' });
    for (const service of [orders, billing]) await service.consume(topics.topic);
    await orders.publish(keyed(topics.topic, 5, 4));
    for (const { handled } of [orders, billing])
      await trial.eventually(() => assert.equal(handled.length, 20));
  }),

  betweenInstances('keeps what is published until it is consumed', async (trial) => {
    const topics = newTopics();
    const orders = await trial.instance(topics);
    const billing = await trial.instance(topics, { service: 'billing' });
    await orders.publish(keyed(topics.topic, 5, 4));
    await billing.consume(topics.topic);
    await trial.eventually(() => assert.equal(billing.handled.length, 20));
    assertOrder(billing.handled, 5, 4);
  }),

  betweenInstances('shares the messages among instances, each in order', async (trial) => {
    const topics = newTopics();
    // Both find that the topics are missing, and create them.
    const both = await Promise.all([trial.instance(topics), trial.instance(topics)]);
    const [publisher] = both;
    for (const service of both)
      await service.consume(topics.topic, () => delay(Math.random() * 10));
    // Once each has had something, the sharing has settled.
    const warming = numbers(30).map((key) => message(topics.topic, `warm ${key}`, 'warm'));
    await trial.eventually(async () => {
      await publisher.publish(warming);
      await delay(100);
      for (const { given } of both) assert.ok(given.length > 0, 'one gets nothing');
    });
    await publisher.publish(keyed(topics.topic, 30, 10));
    const handled = () => trial.handled.filter(({ body }) => body !== 'warm');
    await trial.eventually(() => assert.equal(new Set(bodies(handled())).size, 300));
    assertOrder(handled(), 30, 10);
  }),

  betweenInstances(
    'leaves what it has not begun to the next instance, and no more',
    async (trial) => {
      const topics = newTopics();
      const stopping = await trial.instance(topics);
      await stopping.consume(topics.topic, () => delay(100));
      await stopping.publish(keyed(topics.topic, 40, 10));
      await trial.eventually(() => assert.ok(stopping.handled.length > 5));
      await stopping.bus.stopConsuming();
      assert.equal(stopping.handled.length, stopping.given.length);
      await stopping.close();
      const next = await trial.instance(topics);
      await next.consume(topics.topic);
      await trial.eventually(() => assert.equal(new Set(bodies(trial.handled)).size, 400));
      assert.equal(trial.handled.length, 400);
      assertOrder(trial.handled, 40, 10);
    },
  ),

  betweenInstances(
    'names the topics that are missing where it may not create them',
    async (trial) => {
      const { topic, all } = newTopics();
      const service = await trial.instance(undefined, { createTopics: false });
      await assert.rejects(service.bus.connect(all), ({ message }) => message.includes(topic));
    },
  ),
];
