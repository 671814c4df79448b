import fastify from 'fastify';
import { expect, test, vi } from 'vitest';
import { InProcessBus } from '../../../src/development/index.ts';
import { type CloudEvent, DeadLetters, type Handling } from '../../../src/events/index.ts';
import { eventsIn } from '../../../src/relational/index.ts';
import { newEvent, orderRequested } from '../../support/events.ts';
import {
  onEachServer,
  request,
  type Server,
  startOrders,
  type Work,
} from '../support/relational.ts';

/** Whether a handler is quick is measured: on a machine that is busy with others it may not be. */
const measured = { retry: 3 };
const count = 200;
const references = Array.from({ length: count }, (_, index) => `order ${index}`);

type Apply = (insert: () => Promise<unknown>, reference: string) => Promise<unknown>;

/** A service whose handler has proved quick, so that its events may share transactions. */
async function startWarm(server: Server, apply: Apply = (insert) => insert()) {
  const bus = new InProcessBus();
  const started = await startOrders(server, {
    bus,
    async apply(reference, { orders }) {
      const id = crypto.randomUUID();
      await (reference === 'warm'
        ? orders.insert(reference)
        : apply(() => orders.insert(reference, id), reference));
    },
  });
  const warm = Array.from({ length: 60 }, () => request('warm'));
  await bus.publish(warm);
  await expect.poll(started.kept).toHaveLength(warm.length);
  const kept = async () => (await started.kept()).filter((reference) => reference !== 'warm');
  const letters = () => Array.fromAsync(new DeadLetters('orders', bus).read());
  return { ...started, bus, kept, letters };
}

/** The handling of an event that creates an order; one of them fails after that. */
function handlingOf(event: CloudEvent, failing: string | undefined): Handling<Work> {
  const handler = {
    type: event.type,
    async apply({ orders }: Work) {
      await orders.insert(event.subject);
      if (event.subject === failing) throw new Error(`cannot handle ${failing}`);
    },
  };
  const { log } = fastify();
  return { handler, context: { event, log, signal: AbortSignal.timeout(10_000) } };
}

/** In the midst of others. */
function among(reference: string) {
  return [...references.slice(0, 20), reference, ...references.slice(20)].map(request);
}

onEachServer((server) => {
  test('several events are handled in one transaction: each once in effect, all of them or none', async () => {
    const { pool, kept } = await startOrders(server);
    const { handleTogether } = eventsIn(pool);
    const given = ['a', 'b', 'c'].map((reference) =>
      newEvent(orderRequested, reference, { reference }),
    );
    const together = (failing?: string) =>
      handleTogether?.(
        [...given, ...given].map((event) => handlingOf({ ...event }, failing)),
        AbortSignal.timeout(10_000),
      );
    await expect(together('c')).rejects.toThrow('cannot handle c');
    expect(await kept()).toEqual([]);
    await together();
    await together();
    expect((await kept()).toSorted()).toEqual(['a', 'b', 'c']);
  });

  // Elsewhere a commit may take so long that nothing counts as quick.
  if (server.kind === 'postgres')
    test(
      'events that wait at the same moment share transactions, each with one effect',
      measured,
      async () => {
        const { pool, bus, kept } = await startWarm(server);
        const transactions = vi.spyOn(pool, 'inTransaction');
        const messages = references.map(request);
        await bus.publish([...messages, ...messages]);
        await expect.poll(kept).toHaveLength(count);
        await bus.stopConsuming();
        expect((await kept()).toSorted()).toEqual(references.toSorted());
        expect(transactions.mock.calls.length).toBeLessThan(count);
      },
    );

  if (server.kind === 'postgres')
    test(
      'a backlog shares transactions as soon as its handler has proved quick',
      measured,
      async () => {
        const bus = new InProcessBus();
        const { pool, kept } = await startOrders(server, { bus });
        const transactions = vi.spyOn(pool, 'inTransaction');
        await bus.publish(references.map(request));
        await expect.poll(kept).toHaveLength(count);
        await bus.stopConsuming();
        expect(transactions.mock.calls.length).toBeLessThan(count / 2);
      },
    );

  test('one that fails is tried as often as ever, and is counted against no other', async () => {
    const { bus, kept, letters, metrics } = await startWarm(server, async (insert, reference) => {
      if (reference === 'poison') throw new Error('cannot stomach it');
      await insert();
    });
    await bus.publish(among('poison'));
    await expect.poll(letters).toMatchObject([{ data: { attempts: 5 } }]);
    await expect.poll(kept).toHaveLength(count);
    expect((await kept()).toSorted()).toEqual(references.toSorted());
    expect(await metrics()).toContain(`events_failed_total{type="${orderRequested.type}"} 5`);
  });

  // In a file a handler that waits within its transaction holds up all others that write.
  if (server.kind !== 'sqlite')
    test('one that is slow holds up those that share with it for a moment only', async () => {
      const gate = Promise.withResolvers<void>();
      const { bus, kept } = await startWarm(server, async (insert, reference) => {
        if (reference === 'slow') await gate.promise;
        await insert();
      });
      await bus.publish(among('slow'));
      await expect.poll(kept, { timeout: 20_000 }).toHaveLength(count);
      expect(await kept()).not.toContain('slow');
      gate.resolve();
      await expect.poll(kept).toContain('slow');
      await bus.stopConsuming();
      expect(await kept()).toHaveLength(count + 1);
    });

  test('one that catches the error of a statement takes no other effect with it', async () => {
    const { bus, kept, letters } = await startWarm(server, async (insert, reference) => {
      await insert();
      // Where such an error undoes all, this one cannot be handled; and nobody takes it for handled.
      if (reference === 'twice') await insert().catch(() => undefined);
    });
    await bus.publish(among('twice'));
    const others = async () => (await kept()).filter((reference) => reference !== 'twice');
    await expect.poll(others, { timeout: 20_000 }).toHaveLength(count);
    const either = async () => (await kept()).length - count + (await letters()).length;
    await expect.poll(either).toBe(1);
  });
});
