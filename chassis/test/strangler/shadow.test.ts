import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { route, says, sideAt, startStrangled, type Treatment } from './strangled.ts';

const shadowed = { percentage: 0, shadow: { percentage: 100 } };
const answer = { side: 'old', total: 1, at: 'ann@example.com' };

type Started = Awaited<ReturnType<typeof startStrangled>>;

function result({ metric }: Started, name: string): Promise<number> {
  return metric(`strangler_shadows_total{route="${route}",result="${name}"}`);
}

test('a read is asked of both sides, answered by the old one, and found to be the same', async () => {
  const started = await startStrangled({ rule: shadowed, old: says(answer), fresh: says(answer) });
  expect(await sideAt(`${started.url}/1?x=1`)).toBe('old');
  await expect.poll(() => result(started, 'match')).toBe(1);
  expect(started.fresh.seen).toMatchObject([{ method: 'GET', url: '/is/1?x=1' }]);
  const head = await fetch(started.url, { method: 'HEAD' });
  expect(head.status).toBe(200);
  await expect.poll(() => result(started, 'match')).toBe(2);
});

test('a difference is counted, and parts may be left out of the comparison', async () => {
  const fresh = says({ ...answer, total: 2, at: 'bob@example.com' });
  const started = await startStrangled({ rule: shadowed, old: says(answer), fresh });
  expect(await (await fetch(started.url)).json()).toEqual(answer);
  await expect.poll(() => result(started, 'difference')).toBe(1);
  await started.setRule({
    percentage: 0,
    shadow: { percentage: 100, ignore: ['/total', '/at'] },
  });
  await expect
    .poll(async () => {
      await fetch(started.url);
      return result(started, 'match');
    })
    .toBeGreaterThan(0);
});

test('what changes something is never shadowed', async () => {
  const { url, old, fresh } = await startStrangled({ rule: shadowed });
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    expect(await sideAt(url, { method })).toBe('old');
  expect(old.seen).toHaveLength(5);
  expect(fresh.seen).toEqual([]);
});

test('answers that are compressed are compared by what is in them', async () => {
  const zipped: Treatment = (_request, response) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    response.writeHead(200, headers).end(gzipSync(JSON.stringify(answer)));
  };
  const started = await startStrangled({ rule: shadowed, old: zipped, fresh: says(answer) });
  expect(await (await fetch(started.url)).json()).toEqual(answer);
  await expect.poll(() => result(started, 'match')).toBe(1);
});

test('a request that depends on what its caller has from the old side is not shadowed', async () => {
  const started = await startStrangled({ rule: shadowed });
  await fetch(started.url, { headers: { 'if-none-match': '"1"' } });
  await fetch(started.url, { headers: { range: 'bytes=0-1' } });
  await expect.poll(() => result(started, 'skipped_conditional')).toBe(2);
  expect(started.fresh.seen).toEqual([]);
});

const broken: [string, Treatment][] = [
  ['hangs', () => undefined],
  ['hangs after its headers', (_request, response) => void response.writeHead(200).write('{')],
  ['resets the connection', ({ socket }) => socket.resetAndDestroy()],
  [
    'breaks off',
    (_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{');
      setImmediate(() => response.destroy());
    },
  ],
  ['floods', (_request, response) => void response.end('x'.repeat(5_000_000))],
  [
    'sends what cannot be unpacked',
    (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    },
  ],
];

test.each(broken)(
  'a new side that %s neither delays nor changes an answer, and uses no place up',
  async (_name, fresh) => {
    const started = await startStrangled({
      rule: shadowed,
      old: says(answer),
      fresh,
      environment: { STRANGLER_SHADOW_CONCURRENCY: '2', STRANGLER_SHADOW_TIMEOUT_MS: '2000' },
      policy: { failuresToOpen: 1000, openFor: 50 },
    });
    const before = performance.now();
    for (let i = 0; i < 20; i += 1) {
      const got = await fetch(started.url);
      expect({ status: got.status, body: await got.json() }).toEqual({ status: 200, body: answer });
    }
    expect(performance.now() - before).toBeLessThan(2000);
    // Whatever became of them, the places are free in the end: a shadow can begin again.
    started.fresh.treatment = says(answer);
    await expect
      .poll(async () => {
        await fetch(started.url);
        return result(started, 'match');
      })
      .toBeGreaterThan(0);
  },
);

test('at most so many reads are shadowed at once, and the others are not', async () => {
  const started = await startStrangled({
    rule: shadowed,
    fresh: () => undefined,
    environment: { STRANGLER_SHADOW_CONCURRENCY: '3', STRANGLER_SHADOW_TIMEOUT_MS: '1000' },
  });
  const answers = Array.from({ length: 20 }, () => sideAt(started.url));
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['old']));
  expect(started.fresh.seen).toHaveLength(3);
  expect(await result(started, 'skipped_busy')).toBe(17);
});

test('of a sample only that part is shadowed', async () => {
  const rule = { percentage: 0, shadow: { percentage: 30 } };
  const started = await startStrangled({ rule });
  for (let i = 0; i < 200; i += 1) await sideAt(started.url);
  expect(started.fresh.seen.length).toBeGreaterThan(20);
  expect(started.fresh.seen.length).toBeLessThan(120);
});

test('answers larger than is kept are passed on whole, and not compared', async () => {
  const large = { side: 'old', text: 'x'.repeat(100_000) };
  const started = await startStrangled({
    rule: shadowed,
    old: says(large),
    fresh: says(large),
    environment: { STRANGLER_SHADOW_BYTES: '1000' },
  });
  expect(await (await fetch(started.url)).json()).toEqual(large);
  await expect.poll(() => result(started, 'skipped_too_large')).toBe(1);
});

test('an answer of an old side that fails is not compared', async () => {
  const started = await startStrangled({ rule: shadowed, old: says({}, 500) });
  expect((await fetch(started.url, { method: 'HEAD' })).status).toBe(500);
  await expect.poll(() => result(started, 'skipped_old_failed')).toBe(1);
});

test('a caller that goes away leaves its place', async () => {
  const started = await startStrangled({
    rule: shadowed,
    old: () => undefined,
    environment: { STRANGLER_SHADOW_CONCURRENCY: '1' },
  });
  await expect(fetch(started.url, { signal: AbortSignal.timeout(200) })).rejects.toThrow();
  await expect.poll(() => result(started, 'skipped_aborted')).toBe(1);
  started.old.treatment = says({ side: 'new' });
  await sideAt(started.url);
  await expect.poll(() => result(started, 'match')).toBe(1);
});

test('a side that takes over is not shadowed', async () => {
  const rule = { percentage: 100, shadow: { percentage: 100 } };
  const { url, old, fresh } = await startStrangled({ rule });
  expect(await sideAt(url)).toBe('new');
  expect(fresh.seen).toHaveLength(1);
  expect(old.seen).toEqual([]);
});
