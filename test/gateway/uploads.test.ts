import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { emittedForAll, startGateway, statusOf } from './started.ts';
import { type Answer, said } from './upstream.ts';

const folders = emittedForAll();

/** A caller, as the balancer in front says who it is. */
const from = (address: string) => ({ 'x-forwarded-for': address });
const behindBalancer = { TRUSTED_PROXIES: '127.0.0.1', MAX_BODY_BYTES: '100000000' };

const afterBody: Answer = async (socket, { body }) => {
  await body;
  socket.write(said('200 OK'));
};

/** Milliseconds until a caller has its answer, which must be 200. */
async function timeFor(url: string, options: RequestInit): Promise<number> {
  const asked = performance.now();
  expect(await statusOf(url, options)).toBe(200);
  return performance.now() - asked;
}

test.each([
  ['from their first byte on', 1],
  ['once they are well under way', 100_000],
])(
  '310 uploads by one caller that stall %s leave others at full speed',
  {
    timeout: 60_000,
  },
  async (_when, begun) => {
    const { url, entry } = await startGateway(folders(), afterBody, {
      ...behindBalancer,
      SLOW_UPLOAD_MS: '3000',
    });
    const uploads = await Promise.all(
      Array.from({ length: 310 }, async () => {
        const upload = await Connection.to(url);
        upload.head('POST /api/things', 'X-Forwarded-For: 203.0.113.6', 'Content-Length: 1000000');
        upload.write('x'.repeat(begun));
        return upload;
      }),
    );
    const drip = setInterval(() => {
      for (const upload of uploads) upload.write('x');
    }, 100);
    await delay(700);
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const others = Array.from({ length: 10 }, (_, index) => from(`198.51.100.${index}`));
      const asked = others.flatMap((headers) => [
        timeFor(url, { headers }),
        timeFor(url, { method: 'POST', body: 'small', headers }),
      ]);
      times.push(...(await Promise.all(asked)));
    }
    const large = { method: 'PUT', body: 'x'.repeat(1_000_000), headers: from('198.51.100.1') };
    times.push(await timeFor(url, large));
    expect(Math.max(...times)).toBeLessThan(5000);
    // They end by themselves, and none of them counts against the upstream.
    const statuses = await Promise.all(
      uploads.map(async (upload) => (await upload.answer(15_000))?.status),
    );
    clearInterval(drip);
    expect(statuses.filter((status) => status !== 408 && status !== 429)).toEqual([]);
    expect(statuses.filter((status) => status === 408).length).toBeGreaterThan(5);
    const metrics = await (await fetch(entry.metricsUrl)).text();
    expect(metrics).toContain('circuit_breaker_state{dependency="things"} 0');
    expect(metrics).toContain('bulkhead_calls{dependency="things",state="running"} 0');
  },
);

test('a caller who pauses for longer than an attempt may take is no failure of the upstream', async () => {
  const { url } = await startGateway(folders(), afterBody, {
    ...behindBalancer,
    THINGS_ATTEMPT_TIMEOUT_MS: '300',
    THINGS_CIRCUIT_FAILURES: '1',
  });
  const upload = await Connection.to(url);
  upload.head('POST /api/things', 'Content-Length: 200000');
  upload.write('x'.repeat(100_000));
  await delay(1200);
  upload.write('x'.repeat(100_000));
  expect((await upload.answer())?.status).toBe(200);
});

test.each([
  ['takes nothing of an upload', (socket) => socket.pause()],
  ['takes all of an upload, and does not answer', () => undefined],
] as [string, Answer][])('an upstream that %s has failed', async (_what, answer) => {
  const { url } = await startGateway(folders(), answer, {
    ...behindBalancer,
    THINGS_ATTEMPT_TIMEOUT_MS: '500',
    THINGS_CIRCUIT_FAILURES: '1',
  });
  const body = 'x'.repeat(20_000_000);
  expect(await statusOf(url, { method: 'POST', body })).toBe(504);
  expect(await statusOf(url)).toBe(503);
});
