import { expect } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { buildService } from '../../src/service.ts';
import { testParts } from './parts.ts';

/** The answer of the service to a request in which an error was thrown: its status and `Retry-After`. */
export async function answerTo(error: Error): Promise<[number, unknown]> {
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
