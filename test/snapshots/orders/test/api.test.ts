import { expect, test } from 'vitest';
import { startService } from './support/service.ts';

const path = '/orders';
const unknownId = '018f0000-0000-7000-8000-000000000000';

/** The service with one open order, and requests that concern it. */
async function startWithOrder(reference = 'A-1') {
  const app = await startService();
  const created = await app.inject({ method: 'POST', url: path, payload: { reference } });
  const url = `${path}/${created.json().id}`;
  return {
    app,
    created,
    etag: String(created.headers.etag),
    get: (headers = {}) => app.inject({ url, headers }),
    update: (headers: object, payload: object = { reference, status: 'closed' }) =>
      app.inject({ method: 'PUT', url, headers: { ...headers }, payload }),
    remove: (headers: object) => app.inject({ method: 'DELETE', url, headers: { ...headers } }),
  };
}

test('creates an order and returns it by its id', async () => {
  const { created, get } = await startWithOrder();
  expect(created.statusCode).toBe(201);
  expect(created.json()).toMatchObject({ reference: 'A-1', status: 'open', version: 1 });
  expect(created.headers.location).toBe(`${path}/${created.json().id}`);
  const found = await get();
  expect(found.json()).toEqual(created.json());
  expect(found.headers.etag).toBe(created.headers.etag);
});

test('refuses invalid requests with 400 and an unknown id with 404, as problem details', async () => {
  const app = await startService();
  const requests = [
    { expected: 404, url: `${path}/${unknownId}` },
    { expected: 400, url: `${path}/not-a-uuid` },
    { expected: 400, url: `${path}?limit=0` },
    { expected: 400, url: path, method: 'POST' as const, payload: { reference: '' } },
    { expected: 400, url: path, method: 'POST' as const, payload: { reference: 'A\u0000' } },
    { expected: 400, url: path, method: 'POST' as const, payload: {} },
  ];
  for (const { expected, ...request } of requests) {
    const answer = await app.inject(request);
    expect(answer.statusCode).toBe(expected);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status: expected });
  }
});

test('lists orders page by page, oldest first', async () => {
  const app = await startService();
  const references = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'];
  for (const reference of references) {
    await app.inject({ method: 'POST', url: path, payload: { reference } });
  }
  const listed: string[] = [];
  let after = '';
  do {
    const page = (await app.inject(`${path}?limit=2${after && `&after=${after}`}`)).json();
    listed.push(...page.items.map((item: { reference: string }) => item.reference));
    after = page.next ?? '';
  } while (after !== '');
  expect(listed).toEqual(references);
});

test('updates an order', async () => {
  const { update, get, etag } = await startWithOrder();
  const updated = await update({ 'if-match': etag }, { reference: 'A-2', status: 'closed' });
  expect(updated.statusCode).toBe(200);
  expect(updated.json()).toMatchObject({ reference: 'A-2', status: 'closed', version: 2 });
  expect(updated.headers.etag).not.toBe(etag);
  expect((await get()).json()).toEqual(updated.json());
});

test('refuses an update that is not valid', async () => {
  const { update, etag } = await startWithOrder();
  for (const payload of [
    { reference: 'A-2', status: 'lost' },
    { reference: ' ', status: 'open' },
  ]) {
    expect((await update({ 'if-match': etag }, payload)).statusCode).toBe(400);
  }
});

test('deletes an order', async () => {
  const { app, remove, get, etag } = await startWithOrder();
  expect((await remove({ 'if-match': etag })).statusCode).toBe(204);
  expect((await get()).statusCode).toBe(404);
  expect((await remove({ 'if-match': etag })).statusCode).toBe(404);
  expect((await app.inject(path)).json()).toEqual({ items: [], next: null });
});

test('refuses to update or delete without the ETag of the current version', async () => {
  const { update, remove, get, etag } = await startWithOrder();
  const newer = String((await update({ 'if-match': etag })).headers.etag);
  for (const send of [update, remove]) {
    expect((await send({})).statusCode).toBe(428);
    expect((await send({ 'if-match': etag })).statusCode).toBe(412);
  }
  expect((await get()).headers.etag).toBe(newer);
  expect((await get({ 'if-none-match': newer })).statusCode).toBe(304);
  expect((await get({ 'if-none-match': etag })).statusCode).toBe(200);
});

test('describes the API as OpenAPI 3.1', async () => {
  const app = await startService();
  const { openapi, paths } = (await app.inject('/openapi.json')).json();
  expect(openapi).toBe('3.1.0');
  const { get, post } = paths[path];
  const byId = paths[`${path}/{id}`];
  const operations = [post, byId.get, get, byId.put, byId.delete];
  expect(operations.map(({ operationId }) => operationId)).toEqual([
    'createOrder',
    'getOrder',
    'listOrders',
    'updateOrder',
    'deleteOrder',
  ]);
  expect(post.responses['201'].headers).toHaveProperty('Location');
  for (const { responses } of [byId.put, byId.delete]) {
    for (const status of ['400', '404', '409', '412', '428']) {
      expect(responses[status].content).toHaveProperty('application/problem+json');
    }
  }
});
