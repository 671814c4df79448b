import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { startService } from './support/service.ts';

test('a request that servers might read in different ways is refused', async () => {
  const app = await startService();
  const answer = await app.inject('/api//orders');
  expect(answer.statusCode).toBe(400);
  expect(answer.headers['content-type']).toContain('application/problem+json');
});

test('who comes in here is not told the metrics', async () => {
  const app = await startService();
  expect((await app.inject('/metrics')).statusCode).toBe(404);
});

test('what is configured wrongly ends the process with one readable error', () => {
  const { status, stderr } = spawnSync(process.execPath, ['src/main.ts'], {
    env: { PATH: process.env.PATH ?? '', CORS_ORIGINS: 'https://shop.example/path' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('CORS_ORIGINS: must be origins');
  expect(stderr).not.toContain('    at ');
});
