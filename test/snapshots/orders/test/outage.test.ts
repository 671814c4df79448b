import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { buildService } from '../src/service.ts';
import { testParts } from './support/parts.ts';

test('without its database the service answers 503, and says when to ask again', async () => {
  const { environment, standIns } = await testParts();
  const nobody = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', LOG_LEVEL: 'silent' };
  const config = await loadConfig({ ...standIns.environment, ...environment, ...nobody });
  const app = await buildService({ ...standIns.options, config });
  onTestFinished(() => app.close());
  const payload = { reference: 'never' };
  const url = '/orders';
  const answer = await app.inject({ method: 'POST', url, payload });
  expect(answer.statusCode).toBe(503);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});
