import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { UnawaitedStatementError } from '../../../src/relational/index.ts';
import { UnitOfWorkClosedError } from '../../../src/store/index.ts';
import { onEachServer, startOrders, type Work } from '../support/relational.ts';

/** Creates one after the other until that is refused, and returns with what. */
async function createUntilRefused({ orders }: Work): Promise<unknown> {
  while (true) {
    try {
      await orders.insert('late');
    } catch (error) {
      return error;
    }
  }
}

onEachServer((server) => {
  test('a sibling of what failed has no effect, and is told so', async () => {
    const { database, kept } = await startOrders(server);
    let refusal: Promise<unknown> | undefined;
    const failing = database.transaction(async (work) => {
      refusal = createUntilRefused(work);
      await Promise.all([refusal, delay(20).then(() => Promise.reject(new Error('no')))]);
    });
    await expect(failing).rejects.toThrow('no');
    expect(await refusal).toBeInstanceOf(UnitOfWorkClosedError);
    expect(await kept()).toEqual([]);
  });

  test('what is under way when a unit of work is given up is undone, and holds no lock', async () => {
    const { database, kept } = await startOrders(server);
    const reason = new Error('given up');
    const stop = new AbortController();
    const [locked, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const id = await database.transaction(({ orders }) => orders.insert('contended'));
    const holder = database.inTransaction(async (transaction) => {
      const row = transaction.updateTable('orders').set({ reference: 'contended' });
      await row.where('id', '=', id).execute();
      locked.resolve();
      await done.promise;
    });
    await locked.promise;
    const waiting = database.inTransaction(
      async (transaction, { orders }) => {
        await orders.insert('never');
        await transaction.deleteFrom('orders').where('id', '=', id).execute();
      },
      { signal: stop.signal },
    );
    await delay(100);
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    done.resolve();
    await holder;
    await expect.poll(kept).toEqual(['contended']);
  });

  test('a unit of work that ends before all that it began is undone', async () => {
    const { database, kept } = await startOrders(server);
    const hasty = database.transaction(async (work) => {
      void createUntilRefused(work);
    });
    await expect(hasty).rejects.toBeInstanceOf(UnawaitedStatementError);
    expect(await kept()).toEqual([]);
  });

  test('a unit of work that takes too long is undone', async () => {
    const environment = {
      DATABASE_STATEMENT_TIMEOUT_MS: '100',
      DATABASE_TRANSACTION_TIMEOUT_MS: '200',
    };
    const { database, kept } = await startOrders(server, { environment });
    const slow = database.transaction(async ({ orders }) => {
      await orders.insert('slow');
      await delay(60_000, undefined, { ref: false });
    });
    await expect(slow).rejects.toMatchObject({ name: 'UnitOfWorkTimeoutError', statusCode: 503 });
    expect(await kept()).toEqual([]);
  });
});
