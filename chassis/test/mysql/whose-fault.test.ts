import { expect, test } from 'vitest';
import { databaseError } from '../../src/mysql/driver-error.ts';
import { type Meaning, meaningOf, meanings, systemCodes } from '../support/database-faults.ts';

/** By the error numbers of MySQL and MariaDB. */
const numbers: readonly (readonly [Meaning, readonly number[]])[] = [
  ['outage', [1152, 1158, 1159, 1160, 1161, 1184, 4031, 1047, 1053, 1077, 1079, 3032, 3168]],
  ['outage', [1036, 1207, 1290, 1792, 1836, 1874, 3100, 3989, 1021, 1114, 3675]],
  ['outage', [1037, 1041, 1135, 1206, 1040, 1203, 1226, 1129]],
  ['inTheWay', [1317, 1927, 3169, 3024, 1969, 1205, 3572, 1213, 1614, 1020, 1412, 3101]],
  ['own', [1048, 1062, 1451, 1452, 1406, 1264, 3819, 4025, 1064, 1146]],
];

test.each(numbers)('of MySQL and MariaDB that is %s: %j', async (meaning, ofThese) => {
  for (const errno of ofThese) {
    const thrown = Object.assign(new Error('no'), { errno, code: `ER_${errno}` });
    expect([errno, await meaningOf(databaseError(thrown))]).toEqual([errno, meanings[meaning]]);
  }
});

test('a connection that breaks without a number is an outage', async () => {
  for (const thrown of [
    new Error("Can't add new command when connection is in closed state"),
    Object.assign(new Error('lost'), { code: 'PROTOCOL_CONNECTION_LOST' }),
    ...systemCodes.map((code) => Object.assign(new Error('no'), { code })),
    // What a disk says that is full: the number is in the text only.
    Object.assign(new Error('Error writing file (errno: 28 "No space left on device")'), {
      errno: 3,
    }),
  ])
    expect(await meaningOf(databaseError(thrown))).toEqual(meanings.outage);
});
