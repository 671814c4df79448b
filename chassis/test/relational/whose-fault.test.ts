import { expect, test } from 'vitest';
import * as mysql from '../../src/mysql/driver-error.ts';
import * as postgres from '../../src/postgres/driver-error.ts';
import * as sqlite from '../../src/sqlite/driver-error.ts';
import { isOutage, isTemporary, kindOf } from '../../src/store/index.ts';
import { whoseFault } from '../../src/store/whose-fault.ts';

/**
 * What an error means: to an event, whether the attempt counts; to a caller over HTTP, 503 or 500. Each is
 * named by the database's own code.
 */
const meanings = {
  /** Events wait, none becomes a dead letter, and nobody is ready: 503. */
  outage: { fault: 'outage', isTemporary: true },
  /** Somebody else was in the way: the attempt counts, and a caller may come again: 503. */
  inTheWay: { fault: 'attempt', isTemporary: true },
  /** The work itself is to blame: the attempt counts, and a caller gets 500. */
  own: { fault: 'attempt', isTemporary: false },
} as const;

type Meaning = keyof typeof meanings;

const systemCodes = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
];

/** SQLSTATE. */
const ofPostgres: Readonly<Record<Meaning, readonly string[]>> = {
  outage: [
    ...systemCodes,
    ...['08000', '08001', '08003', '08004', '08006', '08007', '08P01', '57P05'],
    ...['57P02', '57P03', '57P04', '25006'],
    ...['53000', '53100', '53200', '53300', '53400', '58030', '55000', '55006'],
  ],
  inTheWay: ['57000', '57P01', '57014', '55P03', '40P01', '40001'],
  own: ['25P03', '25P04', '23502', '23503', '23505', '23514', '22001', '42P01', '42501', 'XX000'],
};

/** Error numbers of MySQL and MariaDB. */
const ofMysql: Readonly<Record<Meaning, readonly number[]>> = {
  outage: [
    ...[1152, 1158, 1159, 1160, 1161, 1184, 4031, 1047, 1053, 1077, 1079, 3032, 3168],
    ...[1036, 1207, 1290, 1792, 1836, 1874, 3100, 3989, 1021, 1114, 3675],
    ...[1037, 1041, 1135, 1206, 1040, 1203, 1226, 1129],
  ],
  inTheWay: [1317, 1927, 3169, 3024, 1969, 1205, 3572, 1213, 1614, 1020, 1412, 3101],
  own: [1048, 1062, 1451, 1452, 1406, 1264, 3819, 4025, 1064, 1146],
};

/** Result codes of SQLite, also extended ones. */
const ofSqlite: Readonly<Record<Meaning, readonly number[]>> = {
  outage: [3, 14, 23, 11, 26, 8, 1032, 13, 7, 10, 778],
  inTheWay: [5, 261, 517, 6, 9],
  own: [1, 18, 19, 1555, 2067, 787, 20, 25],
};

async function meaningOf(error: unknown) {
  const usable = async (): Promise<void> => undefined;
  return { fault: await whoseFault(error, usable), isTemporary: isTemporary(kindOf(error)) };
}

test.each(Object.entries(ofPostgres))('of PostgreSQL these are %s', async (meaning, codes) => {
  for (const code of codes) {
    const error = postgres.databaseError(Object.assign(new Error('no'), { code }));
    const expected = Object.entries(meanings).find(([name]) => name === meaning)?.[1];
    expect([code, await meaningOf(error)]).toEqual([code, expected]);
  }
});

test.each(Object.entries(ofMysql))('of MySQL and MariaDB these are %s', async (meaning, errnos) => {
  for (const errno of errnos) {
    const thrown = Object.assign(new Error('no'), { errno, code: `ER_${errno}` });
    const expected = Object.entries(meanings).find(([name]) => name === meaning)?.[1];
    expect([errno, await meaningOf(mysql.databaseError(thrown))]).toEqual([errno, expected]);
  }
});

test.each(Object.entries(ofSqlite))('of SQLite these are %s', async (meaning, codes) => {
  for (const errcode of codes) {
    const thrown = Object.assign(new Error('no'), { errcode, code: 'ERR_SQLITE_ERROR' });
    const expected = Object.entries(meanings).find(([name]) => name === meaning)?.[1];
    expect([errcode, await meaningOf(sqlite.databaseError(thrown))]).toEqual([errcode, expected]);
  }
});

test('a connection that breaks without a code is an outage', async () => {
  const texts = ['Connection terminated unexpectedly', 'Client was closed and is not queryable'];
  for (const text of texts)
    expect(await meaningOf(postgres.databaseError(new Error(text)))).toEqual(meanings.outage);
  for (const thrown of [
    new Error("Can't add new command when connection is in closed state"),
    Object.assign(new Error('lost'), { code: 'PROTOCOL_CONNECTION_LOST' }),
    ...systemCodes.map((code) => Object.assign(new Error('no'), { code })),
    // What a disk says that is full: the number is in the text only.
    Object.assign(new Error('Error writing file (errno: 28 "No space left on device")'), {
      errno: 3,
    }),
  ])
    expect(await meaningOf(mysql.databaseError(thrown))).toEqual(meanings.outage);
});

test('a full pool is no outage, and costs no attempt', async () => {
  const error = postgres.connectError(new Error('timeout exceeded when trying to connect'));
  expect(await meaningOf(error)).toEqual({ fault: 'no-connection', isTemporary: true });
});

test('what another service threw is never of the database, whatever its code', async () => {
  for (const code of [...systemCodes, '53100', 'PROTOCOL_CONNECTION_LOST']) {
    const error = Object.assign(new Error('no'), { code, errno: 1021 });
    expect(await meaningOf(error)).toEqual(meanings.own);
  }
});

test('an outage that hides behind another error is found out', async () => {
  const lost = Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
  const away = () => Promise.reject(postgres.databaseError(lost));
  expect(await whoseFault(new Error('too late'), away)).toBe('outage');
  expect(isOutage(undefined)).toBe(false);
});
