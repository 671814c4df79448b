import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  describeApi,
  entityTagOf,
  isNotModified,
  json,
  jsonWithEntityTag,
  notFound,
  plainText,
  preconditionHeaders,
  problems,
  writeCondition,
  writePreconditionHeaders,
} from '../../src/api/index.ts';
import { buildService } from '../support/service.ts';

const thing = z.object({ name: z.string() }).meta({ id: 'Thing' });
const schemas = {
  read: {
    tags: ['things'],
    headers: preconditionHeaders,
    response: {
      200: jsonWithEntityTag('As it is now', thing),
      304: z.undefined(),
      ...problems(404, 412),
    },
  },
  write: {
    tags: ['things'],
    headers: writePreconditionHeaders,
    response: { 200: json('Written', thing), ...problems(412, 428) },
  },
};

/** Things of which there is one, always at version 7. */
const things: FastifyPluginAsyncZod = async (app) => {
  app.get('/things/:id', { schema: schemas.read }, async ({ headers, url }, reply) => {
    if (url !== '/things/1') throw notFound(url);
    reply.header('etag', entityTagOf(7));
    if (isNotModified(headers, 7)) return reply.code(304).send();
    return { name: 'seventh' };
  });
  app.put('/things/:id', { schema: schemas.write }, async ({ headers }) => {
    writeCondition(headers)(7);
    return { name: 'eighth' };
  });
  app.get('/internal', async () => ({}));
};

async function startThings() {
  const app = await buildService();
  await describeApi(app, { name: 'things', description: 'Keeps things' });
  await app.register(things);
  const status = async (method: 'GET' | 'PUT', headers: object) =>
    (await app.inject({ method, url: '/things/1', headers: { ...headers } })).statusCode;
  return { app, status };
}

test('a write says what it means to change, by strong comparison', async () => {
  const { status } = await startThings();
  const expected: [object, number][] = [
    [{}, 428],
    [{ 'if-match': '"7"' }, 200],
    [{ 'if-match': ' * ' }, 200],
    [{ 'if-match': '"a,b", W/"c" ,, "7"' }, 200],
    [{ 'if-match': '"6"' }, 412],
    [{ 'if-match': 'W/"7"' }, 412],
    [{ 'if-match': '"a,7"' }, 412],
    [{ 'if-match': '7' }, 400],
    [{ 'if-match': '"7" "7"' }, 400],
    [{ 'if-match': '"7"', 'if-none-match': '"7"' }, 412],
    [{ 'if-match': '*', 'if-none-match': '*' }, 412],
  ];
  for (const [headers, wanted] of expected) {
    expect([headers, await status('PUT', headers)]).toEqual([headers, wanted]);
  }
});

test('a read answers 304 to a caller who has the current state, by weak comparison', async () => {
  const { status } = await startThings();
  const expected: [object, number][] = [
    [{}, 200],
    [{ 'if-none-match': '"7"' }, 304],
    [{ 'if-none-match': 'W/"7"' }, 304],
    [{ 'if-none-match': '"a", "7"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"6"' }, 200],
    [{ 'if-match': '"6"', 'if-none-match': '"7"' }, 412],
  ];
  for (const [headers, wanted] of expected) {
    expect([headers, await status('GET', headers)]).toEqual([headers, wanted]);
  }
});

test('what is not there is 404, as problem details', async () => {
  const { app } = await startThings();
  const answer = await app.inject('/things/2');
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({ status: 404, title: 'Not Found' });
});

test('the document has the routes with tags, headers of answers, and schemas once', async () => {
  const { app } = await startThings();
  const { openapi, info, paths, components } = (await app.inject('/openapi.json')).json();
  expect(openapi).toBe('3.1.0');
  expect(info).toMatchObject({ title: 'things', description: 'Keeps things' });
  expect(Object.keys(paths)).toEqual(['/things/{id}']);
  const { get, put } = paths['/things/{id}'];
  expect(get.responses['200'].headers).toHaveProperty('ETag');
  expect(put.responses['428'].content).toHaveProperty('application/problem+json');
  expect(Object.keys(components.schemas).sort()).toEqual(['ProblemDetails', 'Thing']);
});

test('plain text is one line that a person can read and every database can keep', () => {
  const name = plainText(5).meta({ description: 'A name' });
  for (const good of ['a', 'a b', ' é ', '😀'.repeat(5)]) expect(name.parse(good)).toBe(good);
  for (const bad of ['', '   ', 'abcdef', 'a\nb', 'a\u0000', 'a\u009f', '\ud800'])
    expect(name.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  const inDocument = { minLength: 1, maxLength: 5, description: 'A name' };
  expect(z.toJSONSchema(name)).toMatchObject({
    ...inDocument,
    pattern: expect.stringContaining('{1,5}'),
  });
});
