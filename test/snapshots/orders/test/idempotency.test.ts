import { expect, test, vi } from 'vitest';
import { startService } from './support/service.ts';

const path = '/orders';

async function startWithKeys() {
  const app = await startService();
  const create = (key: string, reference = 'A-1') => {
    const headers = { 'idempotency-key': key };
    return app.inject({ method: 'POST', url: path, headers, payload: { reference } });
  };
  const count = async () => (await app.inject(path)).json().items.length;
  return { app, create, count };
}

test('a request that is repeated under its key creates nothing more and has the same answer', async () => {
  const { create, count } = await startWithKeys();
  const first = await create('k-1');
  const repeated = await create('k-1');
  expect([first.statusCode, repeated.statusCode]).toEqual([201, 201]);
  expect(repeated.json()).toEqual(first.json());
  expect(repeated.headers.location).toBe(first.headers.location);
  expect(repeated.headers.etag).toBe(first.headers.etag);
  expect(await count()).toBe(1);
  await create('k-2');
  expect(await count()).toBe(2);
});

test('of requests that arrive together under one key, only one creates something', async () => {
  const { create, count } = await startWithKeys();
  const answers = await Promise.all(Array.from({ length: 20 }, () => create('together')));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(201));
  expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
  expect(await count()).toBe(1);
});

test('another request under a used key is refused with 422', async () => {
  const { create, count } = await startWithKeys();
  await create('k');
  expect((await create('k', 'A-2')).statusCode).toBe(422);
  expect(await count()).toBe(1);
});

test('a request that failed leaves its key unused', async () => {
  const { app, create, count } = await startWithKeys();
  const repository = Object.getPrototypeOf(app.database.repository);
  vi.spyOn(repository, 'insert').mockRejectedValueOnce(new Error('no space left'));
  expect((await create('k')).statusCode).toBe(500);
  expect((await create('k', 'corrected')).statusCode).toBe(201);
  expect(await count()).toBe(1);
  vi.restoreAllMocks();
});
