import { afterEach, expect, test, vi } from 'vitest';
import { Repository } from '../src/database/repository.ts';
import { startService } from './support/service.ts';

const path = '/orders';

afterEach(() => {
  vi.useRealTimers();
});

async function startWithKeys() {
  const app = await startService();
  const create = (key: string | undefined, reference = 'A-1', more = {}) => {
    const headers = { ...(key === undefined ? {} : { 'idempotency-key': key }), ...more };
    return app.inject({ method: 'POST', url: path, headers, payload: { reference } });
  };
  const count = async () => (await app.inject(path)).json().items.length;
  return { app, create, count };
}

test('a request that comes again under its key is answered as before, with no second effect', async () => {
  const { create, count } = await startWithKeys();
  const first = await create('"k-1"');
  const again = await create('"k-1"');
  expect(first.statusCode).toBe(201);
  expect(again.statusCode).toBe(201);
  expect(again.json()).toEqual(first.json());
  expect(again.headers.location).toBe(first.headers.location);
  expect(again.headers.etag).toBe(first.headers.etag);
  expect(await count()).toBe(1);
  await create('"k-2"');
  await create(undefined);
  await create(undefined);
  expect(await count()).toBe(4);
});

test('another request under the same key is refused with 422', async () => {
  const { create, count } = await startWithKeys();
  await create('k');
  const other = await create('k', 'A-2');
  expect(other.statusCode).toBe(422);
  expect(other.headers['content-type']).toContain('application/problem+json');
  expect(await count()).toBe(1);
});

test('the key of one caller is none of another, and stays its own when its token is renewed', async () => {
  const { create, count } = await startWithKeys();
  const tokenOf = (sub: string, exp: number) => {
    const payload = Buffer.from(JSON.stringify({ iss: 'https://issuer', sub, exp }));
    return { authorization: `Bearer e30.${payload.toString('base64url')}.signature` };
  };
  const idAs = async (caller: object) => (await create('1', 'A-1', caller)).json().id;
  const ids = [
    await idAs({}),
    await idAs({ authorization: 'Bearer opaque' }),
    await idAs({ authorization: 'Bearer other' }),
    await idAs(tokenOf('ann', 1)),
    await idAs(tokenOf('bob', 1)),
  ];
  expect(new Set(ids).size).toBe(5);
  expect(await idAs(tokenOf('ann', 2))).toBe(ids[3]);
  expect(await idAs({ authorization: 'Bearer other' })).toBe(ids[2]);
  expect(await count()).toBe(5);
});

test('of requests that come at once under one key, one has an effect, and all its answer', async () => {
  const { create, count } = await startWithKeys();
  const answers = await Promise.all(Array.from({ length: 20 }, () => create('at-once')));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(201));
  expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
  expect(await count()).toBe(1);
});

test('a request that failed leaves its key free', async () => {
  const { create, count } = await startWithKeys();
  const insert = vi.spyOn(Repository.prototype, 'insert');
  insert.mockRejectedValueOnce(new Error('no place left'));
  expect((await create('k')).statusCode).toBe(500);
  expect((await create('k', 'corrected')).statusCode).toBe(201);
  expect(await count()).toBe(1);
  insert.mockRestore();
});

test('a request whose time is up has no effect, and leaves its key free', async () => {
  const { create, count } = await startWithKeys();
  const late = await create('k', 'A-1', { 'x-request-timeout-ms': '0' });
  expect(late.statusCode).toBe(504);
  await vi.waitFor(async () => expect(await count()).toBe(0));
  expect((await create('k')).statusCode).toBe(201);
});

test('a key that is empty, too long or no plain text is refused', async () => {
  const { create, count } = await startWithKeys();
  for (const wrong of ['', 'k'.repeat(256), 'two words', 'Schlüssel']) {
    expect([wrong, (await create(wrong)).statusCode]).toEqual([wrong, 400]);
  }
  expect(await count()).toBe(0);
});

test('a key is forgotten after a day, and not before', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  const { create, count } = await startWithKeys();
  const hour = 3_600_000;
  await create('k');
  vi.advanceTimersByTime(23 * hour);
  await create('k');
  expect(await count()).toBe(1);
  vi.advanceTimersByTime(3 * hour);
  await expect
    .poll(async () => {
      await create('k');
      return count();
    })
    .toBe(2);
});
