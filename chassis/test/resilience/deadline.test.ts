import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { currentDeadline, requireTimeLeft } from '../../src/resilience/index.ts';
import { buildService } from '../support/service.ts';

/** The service with a route that works for a while, step by step, and counts its steps. */
async function startSlow() {
  const app = await buildService();
  const work = { steps: 0, wasTold: false };
  app.post('/slow', async () => {
    while (work.steps < 50) {
      requireTimeLeft();
      work.steps += 1;
      await delay(20);
    }
    return 'done';
  });
  app.post('/listening', async () => {
    await delay(5000, undefined, { signal: currentDeadline()?.signal }).catch(() => {
      work.wasTold = true;
    });
    return 'done';
  });
  app.post('/deaf', () => delay(1000, 'done'));
  return { app, work };
}

test("at the caller's deadline the answer is 504, and work for it stops", async () => {
  const { app, work } = await startSlow();
  const headers = { 'x-request-timeout-ms': '300' };
  const started = performance.now();
  const answer = await app.inject({ method: 'POST', url: '/slow', headers, payload: { a: 1 } });
  expect(answer.statusCode).toBe(504);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(performance.now() - started).toBeLessThan(900);
  const { steps } = work;
  await delay(60);
  expect(work.steps).toBeLessThanOrEqual(steps + 1);
  await app.close();
});

test('work that waits for something is told when the deadline comes', async () => {
  const { app, work } = await startSlow();
  const headers = { 'x-request-timeout-ms': '1000' };
  const answer = await app.inject({ method: 'POST', url: '/listening', headers });
  expect(answer.statusCode).toBe(504);
  await expect.poll(() => work.wasTold).toBe(true);
  await app.close();
});

test('the answer is 504 at the deadline, also where the work does not look at it', async () => {
  const { app } = await startSlow();
  const headers = { 'x-request-timeout-ms': '50' };
  const started = performance.now();
  expect((await app.inject({ method: 'POST', url: '/deaf', headers })).statusCode).toBe(504);
  expect(performance.now() - started).toBeLessThan(900);
  await app.close();
});

test('a request without a deadline, or with enough time, is served to its end', async () => {
  const { app, work } = await startSlow();
  expect((await app.inject({ method: 'POST', url: '/slow' })).statusCode).toBe(200);
  work.steps = 0;
  const headers = { 'x-request-timeout-ms': '60000' };
  expect((await app.inject({ method: 'POST', url: '/slow', headers })).body).toBe('done');
  await app.close();
});

test('a deadline that is no number of milliseconds is refused', async () => {
  const { app } = await startSlow();
  for (const wrong of ['soon', '-1', '1.5', '', '1e3']) {
    const headers = { 'x-request-timeout-ms': wrong };
    const answer = await app.inject({ method: 'POST', url: '/slow', headers });
    expect([wrong, answer.statusCode]).toEqual([wrong, 400]);
  }
  await app.close();
});
