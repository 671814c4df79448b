import { expect, onTestFinished, test, vi } from 'vitest';
import { answersInMemory, changeOnce, idempotencyHeaders } from '../../src/idempotency/index.ts';
import { buildService } from '../support/service.ts';

/** A counter that requests raise by one. */
async function startCounter() {
  const app = await buildService();
  let count = 0;
  const database = {
    transaction: <T>(change: (work: () => number) => Promise<T>) => change(() => (count += 1)),
  };
  const idempotency = answersInMemory(app, database, { retentionHours: 1 });
  const raise = (headers: Record<string, string>, body: unknown = {}, fails = false) => {
    const request = {
      method: 'POST',
      url: '/raise',
      routeOptions: { url: '/raise' },
      headers,
      body,
    };
    return changeOnce({ database, idempotency }, request, async (add) => {
      if (fails) throw new Error('failed');
      return add();
    });
  };
  return { raise };
}

test('a change under a key is made once, even if its requests come at the same time', async () => {
  const { raise } = await startCounter();
  const headers = { 'idempotency-key': 'k' };
  expect(await Promise.all([raise(headers), raise(headers)])).toEqual([1, 1]);
  expect(await raise(headers)).toBe(1);
  expect(await raise({})).toBe(2);
  expect(await raise({})).toBe(3);
});

test('another request under the same key is refused with 422', async () => {
  const { raise } = await startCounter();
  await raise({ 'idempotency-key': 'k' });
  await expect(raise({ 'idempotency-key': 'k' }, { other: true })).rejects.toMatchObject({
    statusCode: 422,
  });
});

test('what failed has had no effect, and its key is as good as new', async () => {
  const { raise } = await startCounter();
  const headers = { 'idempotency-key': 'k' };
  await expect(raise(headers, {}, true)).rejects.toThrow('failed');
  expect(await raise(headers)).toBe(1);
});

test('the key of one caller is no key of another, and stays its own when a token is renewed', async () => {
  const { raise } = await startCounter();
  const tokenOf = (sub: string, exp: number) => {
    const payload = Buffer.from(JSON.stringify({ iss: 'https://issuer', sub, exp }));
    return `Bearer e30.${payload.toString('base64url')}.signature`;
  };
  const as = (authorization: string) => raise({ 'idempotency-key': 'k', authorization });
  expect(await raise({ 'idempotency-key': 'k' })).toBe(1);
  expect(await as('Bearer opaque')).toBe(2);
  expect(await as(tokenOf('ann', 1))).toBe(3);
  expect(await as(tokenOf('bob', 1))).toBe(4);
  expect(await as(tokenOf('ann', 2))).toBe(3);
});

test('a key is forgotten when its retention is over, and not before', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { raise } = await startCounter();
  const headers = { 'idempotency-key': 'k' };
  const minute = 60_000;
  expect(await raise(headers)).toBe(1);
  vi.advanceTimersByTime(59 * minute);
  expect(await raise(headers)).toBe(1);
  vi.advanceTimersByTime(62 * minute);
  expect(await raise(headers)).toBe(2);
});

test.each(['', 'k'.repeat(256), 'two words', 'Schlüssel'])(
  'a key that is empty, too long or not printable ASCII is refused: %j',
  (key) => {
    expect(idempotencyHeaders.safeParse({ 'idempotency-key': key }).success).toBe(false);
  },
);
