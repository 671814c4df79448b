import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type BulkInsertLimits, BulkInserts } from '../../src/clickhouse/bulk-inserts.ts';

const outage = new Error('the database is away');

function inserting(limits: BulkInsertLimits, write: (rows: readonly string[]) => Promise<void>) {
  const written: string[][] = [];
  const inserts = new BulkInserts<string>(
    (rows) => {
      written.push([...rows]);
      return write(rows);
    },
    (error) => error === outage,
    limits,
  );
  return { inserts, written };
}

test('rows that wait together are written together, once the first has waited for long enough', async () => {
  const { inserts, written } = inserting({ maxRows: 100, maxWait: 50 }, async () => undefined);
  await Promise.all([inserts.add(['a', 'b']), delay(20).then(() => inserts.add(['c']))]);
  await inserts.add(['d']);
  expect(written).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a full insert waits for nobody, and one is written at a time', async () => {
  const gate = Promise.withResolvers<void>();
  const { inserts, written } = inserting({ maxRows: 2, maxWait: 60_000 }, () => gate.promise);
  const first = Promise.all([inserts.add(['a']), inserts.add(['b'])]);
  const second = Promise.all([inserts.add(['c']), inserts.add(['d']), inserts.add(['e'])]);
  expect(written).toEqual([['a', 'b']]);
  gate.resolve();
  await Promise.all([first, second]);
  expect(written).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ]);
});

test('a row that is refused takes none of the others with it', async () => {
  const stored: string[] = [];
  const { inserts } = inserting({ maxRows: 5, maxWait: 60_000 }, async (rows) => {
    if (rows.includes('bad')) throw new Error('a bad row');
    stored.push(...rows);
  });
  const rows = ['a', 'b', 'bad', 'c', 'd'];
  const results = await Promise.allSettled(rows.map((row) => inserts.add([row])));
  expect(results.map(({ status }) => status === 'rejected')).toEqual(
    rows.map((row) => row === 'bad'),
  );
  expect(stored).toEqual(['a', 'b', 'c', 'd']);
});

test('while the database is away all are refused after one try', async () => {
  const { inserts, written } = inserting({ maxRows: 3, maxWait: 60_000 }, async () => {
    throw outage;
  });
  const results = await Promise.allSettled(['a', 'b', 'c'].map((row) => inserts.add([row])));
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  expect(written).toEqual([['a', 'b', 'c']]);
});
