import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { VersionConflictError } from '../src/database/version-conflict.ts';
import { BulkheadFullError, CircuitOpenError } from '../src/resilience/rejection.ts';
import { TimeoutError } from '../src/resilience/timeout.ts';
import { buildService } from '../src/service.ts';
import { testParts } from './support/parts.ts';

/** The answer of the service to a request in which an error was thrown. */
async function answerTo(error: Error) {
  const { environment, standIns } = await testParts();
  const all = { LOG_LEVEL: 'silent', ...standIns.environment, ...environment };
  const app = await buildService({ ...standIns.options, config: await loadConfig(all) });
  app.get('/fails', async () => {
    throw error;
  });
  const answer = await app.inject('/fails');
  await app.close();
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({ status: answer.statusCode });
  return [answer.statusCode, answer.headers['retry-after']];
}

test('a dependency that is not called is 503, with the time when to ask again', async () => {
  expect(await answerTo(new CircuitOpenError('upstream', 29_400))).toEqual([503, '30']);
  expect(await answerTo(new BulkheadFullError('upstream'))).toEqual([503, '1']);
});

test('a dependency that does not answer in time is 504', async () => {
  expect(await answerTo(new TimeoutError(5000))).toEqual([504, undefined]);
});

test('a write that lost against another is 409', async () => {
  expect(await answerTo(new VersionConflictError('it'))).toEqual([409, undefined]);
});

test('any other error is 500, and says nothing of itself', async () => {
  expect(await answerTo(new Error('secret'))).toEqual([500, undefined]);
});
