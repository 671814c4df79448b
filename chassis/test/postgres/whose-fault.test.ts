import { expect, test } from 'vitest';
import { connectError, databaseError } from '../../src/postgres/driver-error.ts';
import { type Meaning, meaningOf, meanings, systemCodes } from '../support/database-faults.ts';

/** By SQLSTATE. */
const codes: readonly (readonly [Meaning, readonly string[]])[] = [
  ['outage', systemCodes],
  ['outage', ['08000', '08001', '08003', '08004', '08006', '08007', '08P01', '57P05']],
  ['outage', ['57P02', '57P03', '57P04', '25006']],
  ['outage', ['53000', '53100', '53200', '53300', '53400', '58030', '55000', '55006']],
  ['inTheWay', ['57000', '57P01', '57014', '55P03', '40P01', '40001']],
  ['own', ['25P03', '25P04', '23502', '23503', '23505', '23514']],
  ['own', ['22001', '42P01', '42501', 'XX000']],
];

test.each(codes)('of PostgreSQL that is %s: %j', async (meaning, ofThese) => {
  for (const code of ofThese) {
    const error = databaseError(Object.assign(new Error('no'), { code }));
    expect([code, await meaningOf(error)]).toEqual([code, meanings[meaning]]);
  }
});

test('a connection that breaks without a code is an outage', async () => {
  const texts = ['Connection terminated unexpectedly', 'Client was closed and is not queryable'];
  for (const text of texts)
    expect(await meaningOf(databaseError(new Error(text)))).toEqual(meanings.outage);
});

test('a full pool is no outage, and costs no attempt', async () => {
  const error = connectError(new Error('timeout exceeded when trying to connect'));
  expect(await meaningOf(error)).toEqual({ fault: 'no-connection', isTemporary: true });
});
