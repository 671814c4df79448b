import { expect, test } from 'vitest';
import { route, says, sideAt, startStrangled, type Treatment } from './strangled.ts';

const policy = { attemptTimeout: 300, failuresToOpen: 1000 };
const rule = { percentage: 100 };

const failing: [string, Treatment][] = [
  ['hangs', () => undefined],
  ['resets the connection', ({ socket }) => socket.resetAndDestroy()],
  ['answers 500', says({}, 500)],
  ['answers 503', says({}, 503)],
];

test.each(failing)(
  'when the new side %s, the old one answers what is safe to repeat',
  async (_name, fresh) => {
    const started = await startStrangled({ rule, fresh, policy });
    for (const method of ['GET', 'DELETE', 'OPTIONS'])
      expect(await sideAt(`${started.url}/1`, { method })).toBe('old');
    expect(started.old.seen.map(({ url }) => url)).toEqual(['/was/1', '/was/1', '/was/1']);
    // There is no second attempt at the new side while the old one can answer.
    expect(started.fresh.seen).toHaveLength(3);
    const { metric } = started;
    const fellBack = ['failed', 'error_answer'].map((reason) =>
      metric(`strangler_fallbacks_total{route="${route}",reason="${reason}"}`),
    );
    expect((await Promise.all(fellBack)).sort()).toEqual([0, 3]);
  },
);

test.each(failing)(
  'when the new side %s, nothing that may have taken effect is repeated',
  async (_name, fresh) => {
    const { url, old, fresh: side } = await startStrangled({ rule, fresh, policy });
    for (const init of [
      { method: 'POST', body: '{}' },
      { method: 'POST' },
      { method: 'PATCH', body: '{}' },
      { method: 'PUT', body: '{}' },
    ]) {
      const { status } = await fetch(url, init);
      expect(status).toBeGreaterThanOrEqual(500);
    }
    expect(side.seen).toHaveLength(4);
    expect(old.seen).toEqual([]);
  },
);

test('while its circuit is open the new side is not asked, and the old one answers all', async () => {
  const fresh: Treatment = says({}, 503);
  const given = { rule, fresh, policy: { ...policy, failuresToOpen: 2 } };
  const { url, old, fresh: side, metric } = await startStrangled(given);
  for (let i = 0; i < 2; i += 1) expect(await sideAt(url)).toBe('old');
  expect(side.seen).toHaveLength(2);
  const body = JSON.stringify({ reference: 'x'.repeat(1000) });
  expect(await sideAt(url, { method: 'POST', body })).toBe('old');
  expect(await sideAt(url, { method: 'PUT', body })).toBe('old');
  expect(side.seen).toHaveLength(2);
  expect(old.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'PUT']);
  expect(await metric(`strangler_fallbacks_total{route="${route}",reason="not_called"}`)).toBe(2);
});

test('a refusal of the new side is its answer', async () => {
  const { url, old } = await startStrangled({ rule, fresh: says({}, 404), policy });
  expect((await fetch(url)).status).toBe(404);
  expect(old.seen).toEqual([]);
});

test('a rule may do without the fallback', async () => {
  const given = { rule: { ...rule, fallback: false }, fresh: says({}, 503), policy };
  const { url, old } = await startStrangled(given);
  expect((await fetch(url)).status).toBe(503);
  expect(old.seen).toEqual([]);
});

test('the old side does not fall back to the new one', async () => {
  const given = { rule: { percentage: 0 }, old: says({}, 503), policy };
  const { url, fresh } = await startStrangled(given);
  expect((await fetch(url)).status).toBe(503);
  expect(fresh.seen).toEqual([]);
});

test('when both sides are down, the caller is told of the old one', async () => {
  const given = { rule, fresh: says({}, 500), old: says({}, 503), policy };
  const { url } = await startStrangled(given);
  expect((await fetch(url)).status).toBe(503);
});

test('a caller whose deadline has passed is not made to wait for the other side', async () => {
  const { url, old, metric } = await startStrangled({
    rule,
    fresh: () => undefined,
    policy: { attemptTimeout: 5000 },
  });
  const { status } = await fetch(url, { headers: { 'x-request-timeout-ms': '200' } });
  expect(status).toBe(504);
  expect(old.seen).toEqual([]);
  expect(await metric(`strangler_fallbacks_total{route="${route}",reason="failed"}`)).toBe(0);
});

test('a caller that goes away while the new side hangs starts nothing at the old one', async () => {
  const { url, old, fresh, metric } = await startStrangled({ rule, fresh: () => undefined });
  const gone = fetch(url, { signal: AbortSignal.timeout(200) });
  await expect(gone).rejects.toThrow();
  const aborted = `strangler_requests_total{route="${route}",side="new",outcome="aborted"}`;
  await expect.poll(() => metric(aborted)).toBe(1);
  expect(fresh.seen).toHaveLength(1);
  expect(old.seen).toEqual([]);
  expect(await metric(`strangler_fallbacks_total{route="${route}",reason="failed"}`)).toBe(0);
});
