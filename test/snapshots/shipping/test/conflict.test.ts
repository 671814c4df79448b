import { expect, test } from 'vitest';
import { VersionConflictError } from '../src/database/version-conflict.ts';
import { answerTo } from './support/answer-to.ts';

test('a write that lost against another is 409', async () => {
  expect(await answerTo(new VersionConflictError('it'))).toEqual([409, undefined]);
});
