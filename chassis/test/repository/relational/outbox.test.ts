import { expect, onTestFinished, test, vi } from 'vitest';
import { InProcessBus } from '../../../src/development/index.ts';
import { RefusedMessageError } from '../../../src/events/index.ts';
import { outbox } from '../../../src/outbox/index.ts';
import { outboxOf } from '../../../src/relational/index.ts';
import { UnitOfWorkClosedError } from '../../../src/store/index.ts';
import { newEvent, orderRequested } from '../../support/events.ts';
import { onEachServer, request, startOrders, type Work } from '../support/relational.ts';

/** Publishes an event about an order, whose handling has no effect of its own. */
function announce({ publish }: Work, reference: string): Promise<void> {
  return publish(newEvent(orderRequested, reference, { reference }));
}

onEachServer((server) => {
  test('an event that comes three times has one effect', async () => {
    const bus = new InProcessBus();
    const { kept } = await startOrders(server, { bus });
    const message = request('once');
    await bus.publish([message, message, message]);
    await bus.stopConsuming();
    expect(await kept()).toEqual(['once']);
  });

  test('work that fails publishes nothing', async () => {
    const bus = new InProcessBus();
    const { database } = await startOrders(server, { bus });
    const failing = database.transaction(async (work) => {
      await announce(work, 'never');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await database.transaction((work) => announce(work, 'later'));
    await expect.poll(() => bus.published.map(({ key }) => key)).toEqual(['later']);
  });

  test('events about one aggregate are in the order of the commits, wherever the work publishes', async () => {
    const bus = new InProcessBus();
    const { database } = await startOrders(server, { bus });
    const id = await database.transaction(({ orders }) => orders.insert('first'));
    const pairs = Array.from({ length: 30 }, (_, pair) => pair);
    for (const pair of pairs) {
      const changeAs = (reference: string, before: Promise<void>, onPublished: () => void) =>
        database.inTransaction(async (transaction, work) => {
          await announce(work, reference);
          onPublished();
          await before;
          await transaction.updateTable('orders').set({ reference }).where('id', '=', id).execute();
        });
      const hasPublished = Promise.withResolvers<void>();
      const hasCommitted = Promise.withResolvers<void>();
      const late = changeAs(`${pair} late`, hasCommitted.promise, hasPublished.resolve);
      await changeAs(`${pair} early`, hasPublished.promise, () => undefined);
      hasCommitted.resolve();
      await late;
    }
    const inOrder = pairs.flatMap((pair) => [`${pair} early`, `${pair} late`]);
    await expect.poll(() => bus.published.map(({ key }) => key)).toEqual(inOrder);
  });

  test('what one unit of work publishes is in its order, however much it is', async () => {
    const bus = new InProcessBus();
    const { database } = await startOrders(server, { bus, apply: async () => undefined });
    const padding = '.'.repeat(500_000);
    const references = Array.from({ length: 20 }, (_, index) => `event ${index}`);
    await database.transaction(async ({ publish }) => {
      for (const reference of references)
        await publish(newEvent(orderRequested, reference, { reference: padding }));
    });
    await expect.poll(() => bus.published.map(({ key }) => key)).toEqual(references);
  });

  test('a unit of work that is over publishes nothing more', async () => {
    const bus = new InProcessBus();
    const { database } = await startOrders(server, { bus });
    let kept: Work | undefined;
    await database.transaction(async (work) => {
      kept = work;
    });
    if (kept === undefined) throw new Error('there was no work');
    await expect(announce(kept, 'too late')).rejects.toThrow(UnitOfWorkClosedError);
    const failing = database.transaction(async (work) => {
      kept = work;
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await expect(announce(kept, 'too late')).rejects.toThrow(UnitOfWorkClosedError);
  });

  test('events wait in the outbox while the bus refuses, and go out when it is back', async () => {
    const bus = new InProcessBus();
    const publish = bus.publish.bind(bus);
    bus.publish = async () => {
      throw new Error('the bus is down');
    };
    const { database, metrics } = await startOrders(server, { bus });
    await database.transaction((work) => announce(work, 'waits'));
    await expect.poll(metrics).toMatch(/outbox_events 1\n[\s\S]*outbox_oldest_event_seconds 0\.\d/);
    bus.publish = publish;
    await expect.poll(() => bus.published.length).toBe(1);
    await expect.poll(metrics).toContain('outbox_events 0');
  });

  test('of several instances one relays each event', async () => {
    const bus = new InProcessBus();
    const config = await server.database({ DATABASE_CONNECT_TIMEOUT_MS: '30000' });
    const instances = [
      await startOrders(server, { bus, config }),
      await startOrders(server, { bus, config }),
    ];
    const references = Array.from({ length: 200 }, (_, index) => `order ${index}`);
    await Promise.all(
      references.map((reference, index) =>
        instances[index % 2]?.database.transaction((work) => announce(work, reference)),
      ),
    );
    await expect.poll(() => bus.published.length).toBe(references.length);
    await Promise.all(instances.map(({ app }) => app.close()));
    expect(bus.published).toHaveLength(references.length);
    expect(new Set(bus.published.map(({ key }) => key)).size).toBe(references.length);
  });

  test('a relay that is stuck is shown, and keeps no caller out', async () => {
    const bus = new InProcessBus();
    const environment = {
      DATABASE_STATEMENT_TIMEOUT_MS: '200',
      EVENTS_STUCK_AFTER_MS: '2000',
    };
    const { app, database } = await startOrders(server, { bus, environment });
    const published = Promise.withResolvers<undefined[]>();
    bus.publish = () => published.promise;
    await database.transaction((work) => announce(work, 'stuck'));
    const ready = async () => (await app.inject('/health/ready')).json();
    const reason = expect.stringContaining('nothing was relayed');
    await expect.poll(ready).toMatchObject({
      status: 'ready',
      checks: { outbox: { status: 'down', reason } },
    });
    published.resolve([undefined]);
    await expect.poll(ready).toMatchObject({ checks: { outbox: { status: 'up' } } });
  });

  test('an event that the bus refuses is set aside, and can be published after all', async () => {
    const bus = new InProcessBus();
    const publish = bus.publish.bind(bus);
    bus.publish = async (messages) => messages.map(() => new RefusedMessageError('too large'));
    const { database, pool, metrics } = await startOrders(server, { bus });
    await database.transaction((work) => announce(work, 'refused'));
    await expect.poll(metrics, { timeout: 20_000 }).toContain('outbox_refused_events 1');
    const printed = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')];
    for (const spy of printed) spy.mockReturnValue();
    onTestFinished(() => void vi.restoreAllMocks());
    const store = outboxOf(pool);
    expect(await store.refused()).toMatchObject([{ reason: 'too large' }]);
    bus.publish = publish;
    expect(await outbox(['retry', 'all'], store)).toBe(0);
    await expect.poll(() => bus.published.map(({ key }) => key)).toEqual(['refused']);
    expect(await store.refused()).toEqual([]);
    expect(await outbox(['retry', 'nothing'], store)).toBe(0);
    expect(await outbox(['retry'], store)).toBe(2);
  });
});
