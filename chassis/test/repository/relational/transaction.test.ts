import { expect, test } from 'vitest';
import { killTransactions, onEachServer, type Server, startOrders } from '../support/relational.ts';

async function startWithTwo(server: Server) {
  const started = await startOrders(server);
  const open = (reference: string) =>
    started.database.transaction(({ orders }) => orders.insert(reference));
  return { ...started, ids: [await open('one'), await open('other')] as const };
}

onEachServer((server) => {
  // In a file one writes at a time, and no connection to it can be lost.
  if (server.kind !== 'sqlite')
    test('of two transactions that block each other the one that is undone is done again', async () => {
      const { database, metrics, ids } = await startWithTwo(server);
      let arrived = 0;
      const bothArrived = Promise.withResolvers<void>();
      const writeInOrder = (first: string, second: string) =>
        database.inTransaction(async (transaction) => {
          const write = transaction.updateTable('orders').set({ reference: first });
          await write.where('id', '=', first).execute();
          arrived += 1;
          if (arrived === 2) bothArrived.resolve();
          await bothArrived.promise;
          await write.where('id', '=', second).execute();
        });
      await Promise.all([writeInOrder(ids[0], ids[1]), writeInOrder(ids[1], ids[0])]);
      expect(arrived).toBe(3);
      expect(await metrics()).toContain('database_transactions_repeated_total{kind="deadlock"} 1');
      expect(await metrics()).toContain('database_errors_total{kind="deadlock"} 1');
    });

  // The same.
  if (server.kind !== 'sqlite')
    test('a transaction whose connection is lost before the commit is done again, once in effect', async () => {
      const { database, kept } = await startWithTwo(server);
      let attempts = 0;
      await database.transaction(async ({ orders }) => {
        attempts += 1;
        await orders.insert('again');
        if (attempts === 1) await killTransactions(server, database);
        await orders.insert('again');
      });
      expect(attempts).toBe(2);
      expect((await kept()).filter((reference) => reference === 'again')).toHaveLength(2);
    });

  test('what a transaction throws itself is not tried again', async () => {
    const { database } = await startWithTwo(server);
    let attempts = 0;
    const work = database.transaction(async () => {
      attempts += 1;
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(attempts).toBe(1);
  });

  test('what a unit of work wrote is undone when it fails', async () => {
    const { database, kept } = await startOrders(server);
    const work = database.transaction(async ({ orders }) => {
      await orders.insert('never');
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await kept()).toEqual([]);
  });

  test('work that catches the error of a statement is done, or is refused and undone', async () => {
    const { database, kept } = await startOrders(server);
    const work = database.transaction(async ({ orders }) => {
      const id = await orders.insert('caught');
      await orders.insert('caught again', id).catch(() => undefined);
    });
    const done = await work.then(
      () => 1,
      () => 0,
    );
    expect(await kept()).toHaveLength(done);
  });
});
