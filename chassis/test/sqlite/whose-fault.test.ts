import { expect, test } from 'vitest';
import { databaseError } from '../../src/sqlite/driver-error.ts';
import { type Meaning, meaningOf, meanings } from '../support/database-faults.ts';

/** Result codes of SQLite, also extended ones. */
const codes: readonly (readonly [Meaning, readonly number[]])[] = [
  ['outage', [3, 14, 23, 11, 26, 8, 1032, 13, 7, 10, 778]],
  ['inTheWay', [5, 261, 517, 6, 9]],
  ['own', [1, 18, 19, 1555, 2067, 787, 20, 25]],
];

test.each(codes)('of SQLite that is %s: %j', async (meaning, ofThese) => {
  for (const errcode of ofThese) {
    const thrown = Object.assign(new Error('no'), { errcode, code: 'ERR_SQLITE_ERROR' });
    expect([errcode, await meaningOf(databaseError(thrown))]).toEqual([errcode, meanings[meaning]]);
  }
});
