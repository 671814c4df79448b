import {
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoTopologyClosedError,
} from 'mongodb';
import { expect, test } from 'vitest';
import { kindOf } from '../../src/mongodb/driver-error.ts';
import { isTemporary, whoseFault } from '../../src/store/index.ts';

/** What an error means: to an event, whether the attempt counts; to a caller over HTTP, 503 or 500. */
const meanings = {
  outage: { fault: 'outage', isTemporary: true },
  inTheWay: { fault: 'attempt', isTemporary: true },
  own: { fault: 'attempt', isTemporary: false },
} as const;

async function meaningOf(error: unknown) {
  const usable = async (): Promise<void> => undefined;
  return {
    fault: await whoseFault(error, usable, kindOf),
    isTemporary: isTemporary(kindOf(error)),
  };
}

/** By the server's codes. */
const codes: readonly (readonly [meaning: keyof typeof meanings, codes: readonly number[]])[] = [
  // The network among the servers; a server that stops, steps down, or finds no majority.
  ['outage', [6, 7, 89, 9001, 64, 91, 100, 133, 134, 189, 11600, 11602]],
  // No primary, or writes are blocked; its disk is full; it has no memory or sessions left.
  ['outage', [10058, 10107, 13435, 13436, 371, 14031, 146, 261, 462]],
  // Killed, took too long, waited for a lock, or met another write.
  ['inTheWay', [11601, 237, 50, 262, 24, 46, 112]],
  // A unique key, a document that does not fit, a query that is wrong, a right that is missing.
  ['own', [11000, 121, 2, 9, 13, 59]],
];

test.each(codes)('that is %s: %j', async (meaning, ofThese) => {
  for (const code of ofThese) {
    const error = new MongoServerError({ message: 'no', code });
    expect([code, await meaningOf(error)]).toEqual([code, meanings[meaning]]);
  }
});

test('a server that is lost is an outage, a command that takes too long is not', async () => {
  for (const lost of [new MongoNetworkError('lost'), new MongoTopologyClosedError('closed')])
    expect(await meaningOf(lost)).toEqual(meanings.outage);
  const slow = new MongoNetworkTimeoutError('too late');
  expect(await meaningOf(slow)).toEqual(meanings.inTheWay);
});

test('a full pool is no outage, and costs no attempt', async () => {
  const full = Object.assign(new Error('no'), { name: 'MongoWaitQueueTimeoutError' });
  expect(await meaningOf(full)).toEqual({ fault: 'no-connection', isTemporary: true });
});

test('what another service threw is never of the database, whatever its code', async () => {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 14031])
    expect(await meaningOf(Object.assign(new Error('no'), { code }))).toEqual(meanings.own);
});
