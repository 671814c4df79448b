import { camelCase, variablePrefix } from '../answers/naming.ts';
import { parametersOfPath } from '../answers/route-path.ts';

const lineWidth = 100;

/** What an aggregate of a gateway is made from. */
export interface GatewayAggregate {
  /** With parameters in braces. */
  readonly path: string;
  readonly from: readonly string[];
  readonly required: readonly string[];
  readonly isPublic: boolean;
}

/** Where a part is asked for until its owner says otherwise: `/orders/{id}`. */
function partPath(service: string, path: string): string {
  return `/${[service, ...parametersOfPath(path).map((name) => `{${name}}`)].join('/')}`;
}

/** The file of an aggregate. Not a template, as it has an entry for each part. */
export function aggregateFile({ path, from, required, isPublic }: GatewayAggregate): string {
  const parts = from.map(
    (service) => `      ${service.includes('-') ? `'${service}'` : service}: {
        upstream: app.upstream(config.${camelCase(service)}Upstream),
${pathLines(service, path)}
        required: ${required.includes(service)},
      },
`,
  );
  return `import type { FastifyPluginAsync } from 'fastify';
import { aggregate } from 'service-chassis/gateway';
import type { ServiceOptions } from '../service.ts';

const path = '${path.replaceAll('{', ':').replaceAll('}', '')}';

/** What several services say of one thing, in one answer. */
const route: FastifyPluginAsync<ServiceOptions> = async (app, { config }) => {
  aggregate(app, {
    path,
    isPublic: ${isPublic},
    parts: {
${parts.join('')}    },
  });
};

export default route;
`;
}

/** How a part's path is made, as the formatter breaks it. */
function pathLines(service: string, path: string): string {
  const parameters = parametersOfPath(path);
  const given = parameters.length === 0 ? '()' : `({ ${parameters.join(', ')} })`;
  const quote = parameters.length === 0 ? "'" : '`';
  const made = `${quote}${partPath(service, path).replaceAll('{', '${')}${quote},`;
  const line = `        path: ${given} => ${made}`;
  return line.length <= lineWidth ? line : `        path: ${given} =>\n          ${made}`;
}

/** The test of an aggregate: that all parts come, and that one that is away is said to be missing. */
export function aggregateTest({ path, from, required }: GatewayAggregate): string {
  const url = path.replace(/[{}]/g, '');
  const variables = from.map((service) => `    ${variablePrefix(service)}_URL: url,\n`);
  const asked = from.map(
    (service) => `  expect(asked).toContain('${partPath(service, path).replace(/[{}]/g, '')}');\n`,
  );
  return `import { expect, test } from 'vitest';
import { startService } from '../support/service.ts';
import { startUpstream } from '../support/upstream.ts';

const path = '${url}';

test('${path} is what its services say', async () => {
  const { url, seen } = await startUpstream();
  const environment = {
${variables.join('')}  };
  const app = await startService({}, environment);
  const answer = await app.inject(path);
  expect(answer.statusCode).toBe(200);
  expect(Object.keys(answer.json().parts)).toHaveLength(${from.length});
  expect(answer.json().missing).toEqual([]);
  const asked = seen.map((request) => request.url);
${asked.join('')}});

test('${path} without its services', async () => {
  const app = await startService();
  const answer = await app.inject(path);
  expect(answer.statusCode).toBe(${required.length > 0 ? 502 : 200});
});
`;
}
