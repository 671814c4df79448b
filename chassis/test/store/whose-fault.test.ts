import { expect, test } from 'vitest';
import { DatabaseError, isOutage, whoseFault } from '../../src/store/index.ts';
import { meaningOf, meanings, systemCodes } from '../support/database-faults.ts';

test('what another service threw is never of the database, whatever its code', async () => {
  for (const code of [...systemCodes, '53100', 'PROTOCOL_CONNECTION_LOST']) {
    const error = Object.assign(new Error('no'), { code, errno: 1021 });
    expect(await meaningOf(error)).toEqual(meanings.own);
  }
});

test('an outage that hides behind another error is found out', async () => {
  const away = () => Promise.reject(new DatabaseError('connection', 'no'));
  expect(await whoseFault(new Error('too late'), away)).toBe('outage');
  expect(isOutage(undefined)).toBe(false);
});
