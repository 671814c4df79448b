import { expect, test } from 'vitest';
import { startService } from './support/service.ts';

test('answers all three probes and its metrics once started', async () => {
  const app = await startService();
  expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' });
  expect((await app.inject('/health/startup')).statusCode).toBe(200);
  expect((await app.inject('/health/ready')).json()).toMatchObject({ status: 'ready' });
  expect((await app.inject('/metrics')).body).toContain('process_cpu_seconds_total');
});

test('is not ready, but live, while a dependency is down, and says which', async () => {
  const app = await startService();
  app.health.addCheck('broken', async () => {
    throw new Error('it is down');
  });
  await expect
    .poll(async () => (await app.inject('/health/ready')).json())
    .toMatchObject({ status: 'not_ready', checks: { broken: { status: 'down' } } });
  expect((await app.inject('/health/ready')).statusCode).toBe(503);
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

test('is not ready from the first instant of a shutdown', async () => {
  const app = await startService();
  app.health.markShuttingDown();
  expect((await app.inject('/health/ready')).statusCode).toBe(503);
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

test('answers an unknown path with problem details', async () => {
  const app = await startService();
  const answer = await app.inject('/nowhere?token=secret');
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.body).not.toContain('secret');
});

test('answers a method that a path does not take with 405, and says which it takes', async () => {
  const app = await startService();
  const answer = await app.inject({ method: 'DELETE', url: '/health/live?x=1' });
  expect(answer.statusCode).toBe(405);
  expect(answer.headers.allow).toBe('GET, HEAD');
  expect(answer.headers['content-type']).toContain('application/problem+json');
});
