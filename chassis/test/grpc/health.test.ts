import { Code } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { HealthCheckResponse_ServingStatus } from '../../src/grpc/index.ts';
import { serviceName, startGrpc } from './grpc.ts';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;
const own = { service: serviceName };

test('the server and each of its services are SERVING when the service is ready', async () => {
  const { app, health } = await startGrpc();
  expect((await health.check({})).status).toBe(SERVING);
  expect((await health.check(own)).status).toBe(SERVING);
  const unknown = health.check({ service: 'nothing' });
  await expect(unknown).rejects.toMatchObject({ code: Code.NotFound });
  app.health.addCheck('broken', () => Promise.reject(new Error('it is down')));
  await expect.poll(async () => (await health.check(own)).status).toBe(NOT_SERVING);
});

test('who watches is told at once, and again when it changes', async () => {
  const { app, health } = await startGrpc();
  const check = { broken: false };
  app.health.addCheck('breakable', async () => {
    if (check.broken) throw new Error('it is down');
  });
  const watch = health.watch(own)[Symbol.asyncIterator]();
  const next = async () => (await watch.next()).value?.status;
  expect(await next()).toBe(SERVING);
  check.broken = true;
  expect(await next()).toBe(NOT_SERVING);
  check.broken = false;
  expect(await next()).toBe(SERVING);
  const unknown = health.watch({ service: 'nothing' })[Symbol.asyncIterator]();
  expect((await unknown.next()).value?.status).toBe(SERVICE_UNKNOWN);
});

test('is NOT_SERVING from the first instant of a shutdown, and lets watchers go when it closes', async () => {
  const { app, health } = await startGrpc();
  const watch = health.watch({})[Symbol.asyncIterator]();
  expect((await watch.next()).value?.status).toBe(SERVING);
  app.health.markShuttingDown();
  const told = performance.now();
  expect((await watch.next()).value?.status).toBe(NOT_SERVING);
  expect(performance.now() - told).toBeLessThan(900);
  expect((await health.check(own)).status).toBe(NOT_SERVING);
  const letGo = expect(watch.next()).rejects.toMatchObject({ code: Code.Unavailable });
  await app.close();
  await letGo;
});
