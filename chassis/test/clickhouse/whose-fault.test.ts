import { ClickHouseError } from '@clickhouse/client';
import { expect, test } from 'vitest';
import { databaseError } from '../../src/clickhouse/driver-error.ts';
import { isTemporary, kindOf, whoseFault } from '../../src/store/index.ts';

/** What an error means: to an event, whether the attempt counts; to a caller over HTTP, 503 or 500. */
const meanings = {
  outage: { fault: 'outage', isTemporary: true },
  inTheWay: { fault: 'attempt', isTemporary: true },
  own: { fault: 'attempt', isTemporary: false },
} as const;

async function meaningOf(thrown: unknown) {
  const error = databaseError(thrown);
  const usable = async (): Promise<void> => undefined;
  return { fault: await whoseFault(error, usable), isTemporary: isTemporary(kindOf(error)) };
}

/** By the server's codes. */
const codes: readonly (readonly [meaning: keyof typeof meanings, codes: readonly number[]])[] = [
  // The network among the servers, too few of them, or nobody who keeps them together.
  ['outage', [209, 210, 279, 225, 236, 285, 286, 289, 999]],
  // It takes no writes; no space, memory or place is left.
  ['outage', [164, 242, 243, 201, 202, 241, 252, 745]],
  // Killed, took too long, waited for a lock.
  ['inTheWay', [394, 159, 160, 473]],
  // A constraint, a query that is wrong, a table that there is not, a right that is missing.
  ['own', [469, 62, 60, 497]],
];

test.each(codes)('that is %s: %j', async (meaning, ofThese) => {
  for (const code of ofThese) {
    const error = new ClickHouseError({ message: 'no', code: String(code), type: 'ANY' });
    expect([code, await meaningOf(error)]).toEqual([code, meanings[meaning]]);
  }
});

test('a disk that is full is an outage, whatever the code that says so', async () => {
  const message = 'Cannot write to file: errno: 28, strerror: No space left on device';
  const error = new ClickHouseError({ message, code: '75', type: 'CANNOT_WRITE' });
  expect(await meaningOf(error)).toEqual(meanings.outage);
});

test('a connection that is lost is an outage', async () => {
  const systemCodes = [
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
  ];
  for (const code of systemCodes)
    expect(await meaningOf(Object.assign(new Error('no'), { code }))).toEqual(meanings.outage);
  for (const text of ['Timeout error.', 'socket hang up'])
    expect(await meaningOf(new Error(text))).toEqual(meanings.outage);
});
