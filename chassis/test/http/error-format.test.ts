import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeApi, json, notFound, problems } from '../../src/api/index.ts';
import type { ErrorFormat } from '../../src/http/index.ts';
import { DatabaseError } from '../../src/store/index.ts';
import { head, sendRaw, statusOf } from '../support/raw.ts';
import { buildService } from '../support/service.ts';

const fault = z
  .object({ code: z.string(), text: z.string(), request: z.string() })
  .meta({ id: 'Fault' });

/** As one team answers errors everywhere. */
const faults: ErrorFormat<z.infer<typeof fault>> = {
  contentType: 'application/vnd.team.fault+json',
  schema: fault,
  bodyOf: ({ status, detail, requestId }) => ({
    code: `E${status}`,
    text: detail,
    request: requestId,
  }),
};

/** A service with one route, whose database is away. */
async function startArticles(errorFormat: ErrorFormat = faults) {
  const server = { requestTimeout: 1000, http: { headersTimeout: 500 } };
  const app = await buildService({}, { errorFormat, server });
  await describeApi(app, { name: 'articles', description: 'Has articles' });
  const routes: FastifyPluginAsyncZod = async (scope) => {
    const schema = {
      tags: ['articles'],
      params: z.object({ id: z.string().regex(/^\d+$/) }),
      response: { 200: json('Found', z.object({ id: z.string() })), ...problems(400, 404) },
    };
    scope.get('/articles/:id', { schema }, async ({ params: { id } }) => {
      if (id === '404') throw notFound(id);
      if (id === '500') throw new Error('a secret');
      throw new DatabaseError('connection', 'away');
    });
  };
  await app.register(routes);
  return app;
}

test('every error has the form that the service chose, whatever found it', async () => {
  const app = await startArticles();
  const answers = await Promise.all(
    [
      { url: '/articles/404' },
      { url: '/articles/500' },
      { url: '/articles/1' },
      { url: '/articles/one' },
      { url: '/nothing' },
      { url: '/articles/%ff' },
      { url: '/articles/1', method: 'PUT' as const },
      { url: '/articles/1', headers: { 'x-request-timeout-ms': 'soon' } },
      {
        url: '/articles/1',
        method: 'PUT' as const,
        payload: '{',
        headers: { 'content-type': 'text/plain' },
      },
    ].map((request) => app.inject(request)),
  );
  const statuses = [404, 500, 503, 400, 404, 400, 405, 400, 405];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(statuses);
  for (const { statusCode, headers, body } of answers) {
    expect(headers['content-type']).toBe(faults.contentType);
    expect(JSON.parse(body)).toEqual({
      code: `E${statusCode}`,
      text: expect.any(String),
      request: headers['x-request-id'],
    });
    expect(body).not.toContain('secret');
  }
  expect(answers[2]?.headers).toHaveProperty('retry-after');
});

const broken: [string, number, readonly string[]][] = [
  ['what is no HTTP', 400, ['nonsense\r\n\r\n']],
  ['a head that is too large', 431, [head('GET / HTTP/1.1', `X: ${'x'.repeat(20_000)}`)]],
  ['a head that takes too long', 408, ['GET / HTTP/1.1\r\n']],
  ['a request without Host', 400, ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n']],
  ['an expectation that is not known', 417, [head('GET / HTTP/1.1', 'Expect: miracles')]],
];

test.each(broken)('%s is answered in that form, too', async (_name, status, pieces) => {
  const app = await startArticles();
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const answer = await sendRaw(url, ...pieces);
  expect(statusOf(answer)).toBe(status);
  expect(answer.toLowerCase()).toContain(`content-type: ${faults.contentType}`);
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  expect(JSON.parse(body)).toMatchObject({ code: `E${status}` });
});

test('the document says so of every error answer, and of none that is not there', async () => {
  const app = await startArticles();
  const { paths, components } = (await app.inject('/openapi.json')).json();
  const { responses } = paths['/articles/{id}'].get;
  for (const status of ['400', '404', '4XX', '5XX'])
    expect(responses[status].content).toEqual({
      [faults.contentType]: { schema: { $ref: '#/components/schemas/Fault' } },
    });
  expect(responses['404'].description).toBe('There is none with that id');
  expect(Object.keys(responses['200'].content)).toEqual(['application/json']);
  expect(Object.keys(components.schemas)).toEqual(['Fault']);
});

test('a form that fails does not take the answer with it', async () => {
  const app = await startArticles({
    ...faults,
    bodyOf() {
      throw new Error('of the form');
    },
  });
  const answer = await app.inject('/nothing');
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  expect(statusOf(await sendRaw(url, 'nonsense\r\n\r\n'))).toBe(400);
});
