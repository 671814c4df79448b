import { expect, test, vi } from 'vitest';
import { VersionConflictError } from '../src/database/version-conflict.ts';
import { open, revise } from '../src/domain/order.ts';
import { startService } from './support/service.ts';

const path = '/orders';
const unknown = `${path}/018f0000-0000-7000-8000-000000000000`;

/** The service with one, and the ways to read and write it. */
async function startWithOne(reference = 'A-1') {
  const app = await startService();
  const created = await app.inject({ method: 'POST', url: path, payload: { reference } });
  const url = `${path}/${created.json().id}`;
  return {
    app,
    url,
    etag: String(created.headers.etag),
    read: (headers = {}) => app.inject({ url, headers }),
    remove: (headers = {}) => app.inject({ method: 'DELETE', url, headers }),
    update: (headers = {}, payload = { reference, status: 'closed' }) =>
      app.inject({ method: 'PUT', url, headers, payload }),
  };
}

test('changes one that is as it was seen, and answers with what it has become', async () => {
  const { update, read, etag } = await startWithOne();
  expect(etag).toMatch(/^"[^"]+"$/);
  const answer = await update({ 'if-match': etag }, { reference: 'A-2', status: 'closed' });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ reference: 'A-2', status: 'closed', version: 2 });
  expect(answer.headers.etag).not.toBe(etag);
  const found = await read();
  expect(found.json()).toEqual(answer.json());
  expect(found.headers.etag).toBe(answer.headers.etag);
});

test('deletes one that is as it was seen, once', async () => {
  const { app, remove, read, etag } = await startWithOne();
  const answer = await remove({ 'if-match': etag });
  expect([answer.statusCode, answer.body]).toEqual([204, '']);
  expect((await read()).statusCode).toBe(404);
  expect((await remove({ 'if-match': etag })).statusCode).toBe(404);
  expect((await app.inject(path)).json()).toEqual({ items: [], next: null });
});

test('weighs If-Match before a write, by strong comparison', async () => {
  const { app, url, update, remove, etag } = await startWithOne();
  const refused: [object, number][] = [
    [{}, 428],
    [{ 'if-match': '"another"' }, 412],
    [{ 'if-match': `W/${etag}` }, 412],
    [{ 'if-match': `"a,${etag.slice(1)}` }, 412],
    [{ 'if-match': 'no quotes' }, 400],
    [{ 'if-match': `${etag} ${etag}` }, 400],
    [{ 'if-match': etag, 'if-none-match': etag }, 412],
    [{ 'if-match': '*', 'if-none-match': '*' }, 412],
  ];
  for (const [headers, status] of refused) {
    for (const answer of [await update(headers), await remove(headers)]) {
      expect([headers, answer.statusCode]).toEqual([headers, status]);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ status });
    }
  }
  expect((await app.inject(url)).headers.etag).toBe(etag);
  const list = await update({ 'if-match': `"a,b", W/"c" ,, ${etag}` });
  expect(list.statusCode).toBe(200);
  expect((await update({ 'if-match': '*' })).json()).toMatchObject({ version: 3 });
  expect((await remove({ 'if-match': ' * ' })).statusCode).toBe(204);
});

test('a write to an unknown id, or one that is not valid, is refused as such', async () => {
  const { app, update } = await startWithOne();
  const headers = { 'if-match': '*' };
  const payload = { reference: 'x', status: 'open' };
  for (const method of ['PUT', 'DELETE'] as const) {
    expect((await app.inject({ method, url: unknown, headers, payload })).statusCode).toBe(404);
  }
  expect((await update(headers, { reference: 'x', status: 'lost' })).statusCode).toBe(400);
  expect((await update(headers, { reference: ' ', status: 'open' })).statusCode).toBe(400);
});

test('answers 304 to who has the current one, by weak comparison', async () => {
  const { read, update, etag } = await startWithOne();
  for (const seen of [etag, `W/${etag}`, `"a", ${etag}`, '*']) {
    const answer = await read({ 'if-none-match': seen });
    expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
  }
  expect((await read({ 'if-none-match': '"another"' })).statusCode).toBe(200);
  expect((await read({ 'if-match': '"another"', 'if-none-match': etag })).statusCode).toBe(412);
  await update({ 'if-match': etag });
  expect((await read({ 'if-none-match': etag })).statusCode).toBe(200);
});

test('of 20 writers who add one each, none undoes another: the sum is exact', async () => {
  const { read, update } = await startWithOne('0');
  const statuses: number[] = [];
  async function addOne(): Promise<void> {
    const seen = await read();
    const reference = String(Number(seen.json().reference) + 1);
    const answer = await update({ 'if-match': seen.headers.etag }, { reference, status: 'open' });
    statuses.push(answer.statusCode);
    if (answer.statusCode !== 200) await addOne();
  }
  await Promise.all(Array.from({ length: 20 }, addOne));
  expect((await read()).json()).toMatchObject({ reference: '20', version: 21 });
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
  expect(statuses.filter((status) => ![200, 409, 412].includes(status))).toEqual([]);
});

test('a write that loses the race after its check is answered with 409', async () => {
  const { app, update, remove } = await startWithOne();
  vi.spyOn(app.database, 'transaction').mockRejectedValue(new VersionConflictError('it'));
  for (const answer of [await update({ 'if-match': '*' }), await remove({ 'if-match': '*' })]) {
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  }
});

test('the repository writes only over the version before', async () => {
  const { repository } = (await startService()).database;
  const first = open('first', new Date());
  await repository.insert(first);
  const second = revise(first, { reference: 'second', status: 'closed' }, new Date());
  await repository.update(second);
  expect(await repository.find(first.id)).toEqual(second);
  await expect(repository.update(second)).rejects.toBeInstanceOf(VersionConflictError);
  await expect(repository.delete(first.id, 1)).rejects.toBeInstanceOf(VersionConflictError);
  await repository.delete(first.id, 2);
  expect(await repository.find(first.id)).toBeUndefined();
  await expect(repository.update(second)).rejects.toBeInstanceOf(VersionConflictError);
  await expect(repository.delete(first.id, 2)).rejects.toBeInstanceOf(VersionConflictError);
});

test('a page goes on after one that was deleted meanwhile', async () => {
  const { repository } = (await startService()).database;
  const three = ['a', 'b', 'c'].map((reference) => open(reference, new Date()));
  for (const one of three) await repository.insert(one);
  const after = three[1]?.id ?? '';
  await repository.delete(after, 1);
  const page = await repository.list({ limit: 10, after });
  expect(page.map(({ reference }) => reference)).toEqual(['c']);
});
