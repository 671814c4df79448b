import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { create__Aggregate__ as create } from '../src/application/create-__aggregate_kebab__.ts';
import { UnawaitedStatementError } from '../src/database/fence.ts';
import { UnitOfWorkClosedError } from '../src/database/giving-up.ts';
import type { UnitOfWork } from '../src/database/unit-of-work.ts';
import { startService } from './support/service.ts';

const table = '__service_snake__';

async function start(environment: Readonly<Record<string, string>> = {}) {
  const { database } = await startService({}, environment);
  const kept = async () => {
    const all = await database.repository.list({ limit: 100, after: undefined });
    return all.map(({ reference }) => reference);
  };
  return { database, kept };
}

/** Creates one after the other until that is refused, and returns with what. */
async function createUntilRefused(work: UnitOfWork): Promise<unknown> {
  while (true) {
    try {
      await create(work, { reference: 'late' });
    } catch (error) {
      return error;
    }
  }
}

test('a sibling of what failed has no effect, and is told so', async () => {
  const { database, kept } = await start();
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
  const { database, kept } = await start();
  const reason = new Error('given up');
  const stop = new AbortController();
  const locked = Promise.withResolvers<void>();
  const { id } = await database.transaction((work) => create(work, { reference: 'contended' }));
  const holder = database.inTransaction(async (transaction) => {
    const row = transaction.updateTable(table).set({ status: 'closed' });
    await row.where('id', '=', id).execute();
    await locked.promise;
  });
  const waiting = database.inTransaction(
    async (transaction, work) => {
      await create(work, { reference: 'never' });
      await transaction.deleteFrom(table).where('id', '=', id).execute();
    },
    { signal: stop.signal },
  );
  await delay(100);
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  locked.resolve();
  await holder;
  await expect.poll(kept).toEqual(['contended']);
});

test('a unit of work that ends before all that it began is undone', async () => {
  const { database, kept } = await start();
  const hasty = database.transaction(async (work) => {
    void createUntilRefused(work);
  });
  await expect(hasty).rejects.toBeInstanceOf(UnawaitedStatementError);
  expect(await kept()).toEqual([]);
});

test('a unit of work that takes too long is undone', async () => {
  const limits = { DATABASE_STATEMENT_TIMEOUT_MS: '100', DATABASE_TRANSACTION_TIMEOUT_MS: '200' };
  const { database, kept } = await start(limits);
  const slow = database.transaction(async (work) => {
    await create(work, { reference: 'slow' });
    await delay(60_000, undefined, { ref: false });
  });
  await expect(slow).rejects.toMatchObject({ name: 'UnitOfWorkTimeoutError' });
  expect(await kept()).toEqual([]);
});
