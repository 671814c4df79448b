import { type Endpoint, operationIdOf, parametersOf } from '../answers/endpoint-name.ts';

const withBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The file of a route. Not a template, as how many parameters it has, and whether a body, is in its
 * structure; its answer is an example, for its owner to replace.
 */
export function routeFile(endpoint: Endpoint, service: string): string {
  const { method, segments } = endpoint;
  const path = `/${segments.join('/')}`;
  const hasBody = withBody.has(method);
  const parameters = parametersOf(endpoint);
  const schema = [
    `tags: ['${service}'],`,
    `operationId: '${operationIdOf(endpoint)}',`,
    `summary: '${method} ${path}',`,
    ...(parameters.length === 0
      ? []
      : [
          'params: z.object({',
          ...parameters.map((name) => `  ${name}: z.string().min(1),`),
          '}),',
        ]),
    ...(hasBody ? ['body,'] : []),
    "response: { 200: json('Noted', answer), ...problems(400) },",
  ];
  return `import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { json, problems } from 'service-chassis/api';
import { z } from 'zod';

${hasBody ? 'const body = z.object({ note: z.string().max(500).optional() });\n' : ''}const answer = z.object({ noted: z.boolean() });

const url = '${path.replaceAll('{', ':').replaceAll('}', '')}';
const schema = {
${schema.map((line) => `  ${line}\n`).join('')}};

/** \`${method} ${path}\`: an example that logs the request. Replace it with what the endpoint is for. */
const route: FastifyPluginAsyncZod = async (app) => {
  app.${method.toLowerCase()}(url, { schema }, async (request) => {
    request.log.info({ operation: request.routeOptions.schema?.operationId }, 'noted');
    return { noted: true };
  });
};

export default route;
`;
}

/** The test of a route: that it answers, and is in the document of the API. */
export function routeTest(endpoint: Endpoint): string {
  const { method, segments } = endpoint;
  const path = `/${segments.join('/')}`;
  const payload = withBody.has(method) ? ', payload: {}' : '';
  return `import { expect, test } from 'vitest';
import { startService } from '../support/service.ts';

const path = '${path}';

test('${method} ${path} answers', async () => {
  const app = await startService();
  const url = path.replaceAll(/[{}]/g, '');
  const answer = await app.inject({ method: '${method}', url${payload} });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ noted: true });
});

test('${method} ${path} is in the OpenAPI document', async () => {
  const app = await startService();
  const { paths } = (await app.inject('/openapi.json')).json();
  expect(paths[path].${method.toLowerCase()}.responses).toHaveProperty('200');
});
`;
}
