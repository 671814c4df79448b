import { expect, test } from 'vitest';
import { InProcessBus } from '../../src/development/index.ts';
import type { Topics } from '../../src/events/index.ts';
import { orderRequested, request, startEvents } from '../support/events.ts';

/** A bus where the topic that is handled is not there at first. */
class WithoutTopic extends InProcessBus {
  isThere = false;
  connected: Topics | undefined;

  override async connect(topics: Topics): Promise<void> {
    this.connected = topics;
    await super.connect(topics);
  }

  override async missing(topics: readonly string[]): Promise<readonly string[]> {
    return this.isThere ? [] : topics;
  }
}

test('a topic of another service is awaited, shown, and consumed once it is there', async () => {
  const bus = new WithoutTopic();
  const kept: string[] = [];
  const apply = async (reference: string) => void kept.push(reference);
  const { app } = await startEvents({ apply, bus, service: 'billing' });
  const ready = async () => (await app.inject('/health/ready')).json();
  const reason = expect.stringContaining(orderRequested.type);
  await expect.poll(ready).toMatchObject({
    status: 'ready',
    checks: { bus: { status: 'up' }, 'topics of others': { status: 'down', reason } },
  });
  expect(bus.connected).toMatchObject({ events: ['billing.replay'], consumed: ['billing.replay'] });
  bus.isThere = true;
  await expect
    .poll(ready, { timeout: 10_000 })
    .toMatchObject({ checks: { 'topics of others': { status: 'up' } } });
  await bus.publish([request('late')]);
  await expect.poll(() => kept).toEqual(['late']);
});

test('the topics of its own types are created and demanded, also of those that it handles', async () => {
  const bus = new WithoutTopic();
  await startEvents({ apply: async () => undefined, bus });
  const own = [orderRequested.type, 'orders.replay'];
  await expect.poll(() => bus.connected).toMatchObject({ events: own, consumed: own });
});
