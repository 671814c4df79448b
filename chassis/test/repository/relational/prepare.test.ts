import { expect, test } from 'vitest';
import { InProcessBus } from '../../../src/development/index.ts';
import { DeadLetters, defineHandler } from '../../../src/events/index.ts';
import { eventsIn } from '../../../src/relational/index.ts';
import { DatabaseError } from '../../../src/store/index.ts';
import { orderRequested, startHandler } from '../../support/events.ts';
import {
  onEachServer,
  request,
  type Server,
  startOrders,
  type Work,
} from '../support/relational.ts';

/** A database with its tables, of which the handler of each service here has one connection. */
async function startOnOneConnection(server: Server) {
  const { config, kept } = await startOrders(server);
  const start = async (
    handler: Parameters<typeof startHandler<Work>>[0],
    bus = new InProcessBus(),
  ) => {
    const pool = server.open({ ...config, poolMax: 1 });
    return { ...(await startHandler(handler, eventsIn(pool), { bus })), pool };
  };
  return { start, kept };
}

/** A handler that creates an order of what it has prepared. */
function creating(prepare: (reference: string) => Promise<string>, onApply = async () => {}) {
  return defineHandler({
    event: orderRequested,
    prepare: ({ reference }) => prepare(reference),
    async apply(_data, { orders }: Work, { prepared }) {
      await orders.insert(prepared);
      await onApply();
    },
  });
}

onEachServer((server) => {
  test('while a handler prepares, others have the only connection', async () => {
    const { start, kept } = await startOnOneConnection(server);
    const began = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string>();
    const handler = creating(() => {
      began.resolve();
      return answer.promise;
    });
    const { bus, pool } = await start(handler);
    await bus.publish([request('a')]);
    await began.promise;
    const { open, idle } = pool.poolState();
    expect(open - idle).toBe(0);
    await pool.transaction(async ({ orders }) => void (await orders.insert('beside')));
    answer.resolve('prepared');
    await expect.poll(async () => (await kept()).toSorted()).toEqual(['beside', 'prepared']);
  });

  test('a transaction that is repeated applies again what was prepared once', async () => {
    const { start, kept } = await startOnOneConnection(server);
    const steps: string[] = [];
    const handler = creating(
      async (reference) => {
        steps.push('prepare');
        return reference;
      },
      async () => {
        steps.push('apply');
        if (steps.length === 2) throw new DatabaseError('deadlock', 'another was quicker');
      },
    );
    const { bus } = await start(handler);
    await bus.publish([request('a')]);
    await expect.poll(kept).toEqual(['a']);
    expect(steps).toEqual(['prepare', 'apply', 'apply']);
  });

  test('an event that comes again is not prepared again, and has its one effect', async () => {
    const { start, kept } = await startOnOneConnection(server);
    const prepared: string[] = [];
    const { bus } = await start(
      creating(async (reference) => {
        prepared.push(reference);
        return reference;
      }),
    );
    const message = request('a');
    await bus.publish([message, message, request('b')]);
    await bus.stopConsuming();
    expect((await kept()).toSorted()).toEqual(['a', 'b']);
    expect(prepared.toSorted()).toEqual(['a', 'b']);
  });

  test('an event that two instances prepare at the same time has one effect', async () => {
    const { start, kept } = await startOnOneConnection(server);
    const both = Promise.withResolvers<void>();
    let preparing = 0;
    const handler = creating(async (reference) => {
      preparing += 1;
      if (preparing === 2) both.resolve();
      await both.promise;
      return reference;
    });
    const [first, second] = [await start(handler), await start(handler)];
    const message = request('a');
    await Promise.all([first.bus.publish([message]), second.bus.publish([message])]);
    await Promise.all([first.bus.stopConsuming(), second.bus.stopConsuming()]);
    expect(preparing).toBe(2);
    expect(await kept()).toEqual(['a']);
  });

  test('when each attempt to prepare fails, the event is a dead letter, and nothing was changed', async () => {
    const { start, kept } = await startOnOneConnection(server);
    const { bus } = await start(creating(() => Promise.reject(new Error('stock is away'))));
    await bus.publish([request('a')]);
    const letters = () => Array.fromAsync(new DeadLetters('orders', bus).read());
    await expect.poll(letters).toMatchObject([{ data: { attempts: 5, reason: 'stock is away' } }]);
    expect(await kept()).toEqual([]);
  });
});
