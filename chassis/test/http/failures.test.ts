import { expect, test } from 'vitest';
import { BulkheadFullError, CircuitOpenError, TimeoutError } from '../../src/resilience/index.ts';
import { answerTo } from '../support/answer-to.ts';

test('a dependency that is not called is 503, with the time when to ask again', async () => {
  expect(await answerTo(new CircuitOpenError('upstream', 29_400))).toEqual([503, '30']);
  expect(await answerTo(new BulkheadFullError('upstream'))).toEqual([503, '1']);
});

test('a dependency that does not answer in time is 504', async () => {
  expect(await answerTo(new TimeoutError(5000))).toEqual([504, undefined]);
});

test('another service that is down is 502, and one that is silent 504', async () => {
  const failed = (code: string) => Object.assign(new Error('failed'), { code });
  const fetchFailed = new TypeError('fetch failed', { cause: failed('ECONNREFUSED') });
  expect(await answerTo(failed('ECONNRESET'))).toEqual([502, undefined]);
  expect(await answerTo(fetchFailed)).toEqual([502, undefined]);
  expect(await answerTo(failed('UND_ERR_HEADERS_TIMEOUT'))).toEqual([504, undefined]);
});

test('any other error is 500, and says nothing of itself', async () => {
  expect(await answerTo(new Error('secret'))).toEqual([500, undefined]);
});
