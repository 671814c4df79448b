import { expect, onTestFinished, test } from 'vitest';
import { buildService } from '../support/service.ts';

test('answers all three probes and its metrics once started', async () => {
  const app = await buildService();
  expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' });
  expect((await app.inject('/health/startup')).json()).toEqual({ status: 'started' });
  expect((await app.inject('/health/ready')).json()).toMatchObject({ status: 'ready' });
  expect(await app.metrics.metrics()).toContain('process_cpu_seconds_total');
});

test('is not ready, but live, while a dependency is down, and says which', async () => {
  const app = await buildService();
  app.health.addCheck('broken', async () => {
    throw new Error('it is down');
  });
  await expect
    .poll(async () => (await app.inject('/health/ready')).json())
    .toMatchObject({ status: 'not_ready', checks: { broken: { status: 'down' } } });
  expect((await app.inject('/health/ready')).statusCode).toBe(503);
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

test('is ready while something is down that callers do not wait for, and shows it', async () => {
  const app = await buildService();
  const fails = async () => {
    throw new Error('it is down');
  };
  app.health.addCheck('behind', fails, { required: false });
  const ready = async () => (await app.inject('/health/ready')).json();
  await expect.poll(ready).toMatchObject({
    status: 'ready',
    checks: { behind: { status: 'down', reason: 'it is down' } },
  });
  expect(await app.metrics.metrics()).toContain('health_check_up{check="behind"} 0');
});

test('while it starts it is not ready, and nobody has to start it again', async () => {
  const app = await buildService();
  onTestFinished(() => app.close());
  const migrated = Promise.withResolvers<void>();
  app.health.addStart('migration', () => migrated.promise);
  await app.ready();
  const startup = await app.inject('/health/startup');
  expect(startup.statusCode).toBe(200);
  expect(startup.json()).toMatchObject({ status: 'starting' });
  expect(startup.json().waitingFor).toContain('migration');
  expect((await app.inject('/health/ready')).statusCode).toBe(503);
  migrated.resolve();
  await expect.poll(async () => (await app.inject('/health/ready')).statusCode).toBe(200);
});

test('is not ready from the first instant of a shutdown', async () => {
  const app = await buildService();
  app.health.markShuttingDown();
  expect((await app.inject('/health/ready')).statusCode).toBe(503);
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

test('answers an unknown path with problem details', async () => {
  const app = await buildService();
  const answer = await app.inject('/nowhere?token=secret');
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.body).not.toContain('secret');
});

test('answers a method that a path does not take with 405, and says which it takes', async () => {
  const app = await buildService();
  const answer = await app.inject({ method: 'DELETE', url: '/health/live?x=1' });
  expect(answer.statusCode).toBe(405);
  expect(answer.headers.allow).toBe('GET, HEAD');
  expect(answer.headers['content-type']).toContain('application/problem+json');
});
