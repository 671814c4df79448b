import { expect, test } from 'vitest';
import { startService } from './support/service.ts';

const path = '/shipping';

test('creates one, says where it is, and reads it back', async () => {
  const app = await startService();
  const answer = await app.inject({ method: 'POST', url: path, payload: { reference: 'A-1' } });
  expect(answer.statusCode).toBe(201);
  const created = answer.json();
  expect(created).toMatchObject({ reference: 'A-1', status: 'open', version: 1 });
  expect(answer.headers.location).toBe(`${path}/${created.id}`);
  expect((await app.inject(`${path}/${created.id}`)).json()).toEqual(created);
});

test('answers 404 for an unknown id, 400 for what is not valid, as problem details', async () => {
  const app = await startService();
  const requests = [
    { expected: 404, url: `${path}/018f0000-0000-7000-8000-000000000000` },
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

test('lists page by page, oldest first, each exactly once', async () => {
  const app = await startService();
  const references = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'];
  for (const reference of references) {
    await app.inject({ method: 'POST', url: path, payload: { reference } });
  }
  const seen: string[] = [];
  let after = '';
  do {
    const page = (await app.inject(`${path}?limit=2${after && `&after=${after}`}`)).json();
    seen.push(...page.items.map((item: { reference: string }) => item.reference));
    after = page.next ?? '';
  } while (after !== '');
  expect(seen).toEqual(references);
});

test('describes itself as OpenAPI 3.1', async () => {
  const app = await startService();
  const { openapi, paths } = (await app.inject('/openapi.json')).json();
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toEqual(expect.arrayContaining([path, `${path}/{id}`]));
  expect(Object.keys(paths[path])).toEqual(expect.arrayContaining(['get', 'post']));
  const one = paths[`${path}/{id}`];
  expect(Object.keys(one)).toEqual(expect.arrayContaining(['delete', 'get', 'put']));
  const { post } = paths[path];
  expect(Object.keys(post.responses['201'].headers)).toEqual(['ETag', 'Location']);
  expect(post.parameters).toMatchObject([{ in: 'header', name: 'idempotency-key' }]);
  expect(post.responses['422'].content).toHaveProperty('application/problem+json');
  expect(one.get.responses['200'].headers).toHaveProperty('ETag');
  expect(Object.keys(one.get.responses)).toEqual(expect.arrayContaining(['304', '404', '412']));
  for (const { parameters, responses } of [one.put, one.delete]) {
    expect(parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'if-match' }));
    for (const status of ['400', '404', '409', '412', '428']) {
      expect(responses[status].content).toHaveProperty('application/problem+json');
    }
  }
});
