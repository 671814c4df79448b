import { once } from 'node:events';
import { createServer } from 'node:http';
import { type Api, basePathOf, type Operation, readApi } from './openapi/document.ts';
import { exampleOf } from './openapi/example.ts';
import { TypeNames } from './openapi/names.ts';

/** A server that stands in for another service. */
export interface ApiStandIn {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Starts a server that answers each operation of an OpenAPI document with an example of the answer
 * that the document promises, and anything else with 404. It remembers nothing.
 */
export async function startApiStandIn(document: unknown): Promise<ApiStandIn> {
  const api = readApi(document, new TypeNames().of);
  const basePath = basePathOf(document);
  // Of two paths that fit, the one with fewer parameters is meant.
  const operations = api.operations.toSorted((a, b) => parametersIn(a) - parametersIn(b));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://stand-in').pathname;
    const operation = operations.find(
      (each) => each.method === request.method && isPathOf(each, basePath, path),
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
