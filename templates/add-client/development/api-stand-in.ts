import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { otherService, type ServiceStandIn, type StandIn } from 'service-chassis/stand-ins';
import { type Api, basePathOf, type Operation, readApi } from './openapi/document.ts';
import { exampleOf } from './openapi/example.ts';
import { TypeNames } from './openapi/names.ts';

const clients = path.resolve(import.meta.dirname, '../src/clients');

/** Another service, in development: answers from its document, unless the environment says where it is. */
export function apiStandIn(variable: string, client: string): StandIn {
  return otherService(variable, () => startApiStandIn(client));
}

/**
 * Starts a server that answers each operation that a client knows with an example of the answer that
 * the recorded document promises, and anything else with 404. It remembers nothing.
 *
 * @param client its folder in `src/clients`.
 */
export async function startApiStandIn(client: string): Promise<ServiceStandIn> {
  const text = await readFile(path.join(clients, client, 'openapi.json'), 'utf8');
  const document: unknown = JSON.parse(text);
  const api = readApi(document, new TypeNames().of);
  const basePath = basePathOf(document);
  // Of two paths that fit, the one with fewer parameters is meant.
  const operations = api.operations.toSorted((a, b) => parametersIn(a) - parametersIn(b));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://stand-in');
    const operation = operations.find(
      (each) => each.method === request.method && isPathOf(each, basePath, pathname),
    );
    request.resume();
    const { status, body } = operation ? exampleAnswer(operation, api) : { status: 404 };
    response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isPathOf(operation: Operation, basePath: string, path: string): boolean {
  const expected = `${basePath}${operation.path}`.split('/');
  const found = path.split('/');
  return (
    expected.length === found.length &&
    expected.every((segment, index) => segment.includes('{') || segment === found[index])
  );
}

function parametersIn({ path }: Operation): number {
  return path.split('{').length;
}

function exampleAnswer({ answers }: Operation, { received }: Api) {
  const [{ status, schema } = {}] = answers;
  if (schema === undefined) return { status: status ?? 204 };
  return { status: status ?? 200, body: exampleOf(schema, received) };
}
