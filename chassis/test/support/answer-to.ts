import { expect } from 'vitest';
import { buildService } from './service.ts';

/** The answer of a service to a request in which an error was thrown: its status and `Retry-After`. */
export async function answerTo(error: Error): Promise<[number, unknown]> {
  const app = await buildService();
  app.get('/fails', async () => {
    throw error;
  });
  const answer = await app.inject('/fails');
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({ status: answer.statusCode });
  return [answer.statusCode, answer.headers['retry-after']];
}
