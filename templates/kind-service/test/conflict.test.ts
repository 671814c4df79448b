import { expect, test } from 'vitest';
import { VersionConflictError } from '../src/database/version-conflict.ts';
import { failureOf } from '../src/http/settings.ts';

test('a write that lost against another is 409', () => {
  expect(failureOf(new VersionConflictError('1'))).toEqual({ status: 409 });
});
