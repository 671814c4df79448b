import { expect, test } from 'vitest';
import { create__Aggregate__ as create } from '../src/application/create-__aggregate_kebab__.ts';
import { killTransactions } from './support/kill-transactions.ts';
import { startService } from './support/service.ts';

async function startWithTwo() {
  const app = await startService();
  const { database } = app;
  const open = (reference: string) =>
    database.transaction(async (work) => (await create(work, { reference })).id);
  const metrics = async () => (await app.inject('/metrics')).body;
  return { database, metrics, ids: [await open('one'), await open('other')] as const };
}

test('of two transactions that block each other the one that is undone is done again', async () => {
  const { database, metrics, ids } = await startWithTwo();
  const table = '__service_snake__';
  let arrived = 0;
  const bothArrived = Promise.withResolvers<void>();
  const writeInOrder = (first: string, second: string) =>
    database.inTransaction(async (transaction) => {
      const write = transaction.updateTable(table).set({ status: 'closed' });
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

test('a transaction whose connection is lost before the commit is done again, once in effect', async () => {
  const { database } = await startWithTwo();
  let attempts = 0;
  await database.transaction(async (work) => {
    attempts += 1;
    await create(work, { reference: 'again' });
    if (attempts === 1) await killTransactions(database);
    await create(work, { reference: 'again' });
  });
  expect(attempts).toBe(2);
  const kept = await database.repository.list({ limit: 100, after: undefined });
  expect(kept.filter(({ reference }) => reference === 'again')).toHaveLength(2);
});

test('what a transaction throws itself is not tried again', async () => {
  const { database } = await startWithTwo();
  let attempts = 0;
  const work = database.transaction(async () => {
    attempts += 1;
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(attempts).toBe(1);
});
