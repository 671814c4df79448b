import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cli } from '../support/cli.ts';
import { link } from '../support/emitted.ts';
import { servicesIn } from '../support/services.ts';

/** What is stopped. Of both kinds, `GET /orders/slow` takes a moment and `GET /orders/stream` flows. */
export type Kind = 'service' | 'gateway';

/** An emitted service or gateway, and what it needs to run. */
export interface Emitted {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

/** Milliseconds that a slow request takes, and a streamed answer. */
const slowMs = 700;

/** Emits one of a kind below a folder. */
export function emit(
  kind: Kind,
  root: string,
  dependencies: string,
  flags: readonly string[] = ['--style', 'sync', '--datastore', 'none'],
): Promise<Emitted> {
  return kind === 'gateway'
    ? emitGateway(root, dependencies)
    : emitService(root, dependencies, flags);
}

async function emitService(root: string, dependencies: string, flags: readonly string[]) {
  await servicesIn(root, { orders: flags });
  const folder = path.join(root, 'orders');
  await link(folder, { folder: dependencies });
  await addTo(folder, { 'routes/slow.ts': slowRoutes });
  return { folder, environment: {}, dispose: async () => undefined };
}

/** Adds files to an emitted service, by their paths below `src`. */
export async function addTo(
  folder: string,
  sources: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [file, text] of Object.entries(sources)) {
    const target = path.join(folder, 'src', file);
    await fs.mkdir(path.dirname(target), { recursive: true });
    await fs.writeFile(target, text);
  }
}

const slowRoutes = `
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

async function* pieces() {
  for (let piece = 0; piece < 10; piece += 1) {
    yield 'piece\\n';
    await delay(${slowMs / 10});
  }
}

export default async (app) => {
  app.get('/orders/slow', () => delay(${slowMs}, { done: true }));
  app.get('/orders/stream', (_request, reply) => reply.send(Readable.from(pieces(), { objectMode: false })));
};
`;

async function emitGateway(root: string, dependencies: string): Promise<Emitted> {
  await servicesIn(root, { edge: ['--kind', 'gateway'] });
  const folder = path.join(root, 'edge');
  const route = ['add', 'route', '/orders', '--to', 'orders', '--public', 'yes', '--cwd', folder];
  const { exitCode, stderr } = await cli(route);
  if (exitCode !== 0) throw new Error(stderr);
  await link(folder, { folder: dependencies });
  const server = createServer((request, response) => {
    // A request whose sender has gone needs no answer.
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    folder,
    environment: {
      ORDERS_URL: `http://127.0.0.1:${address.port}`,
      RATE_LIMIT_PER_MINUTE: '0',
      // A call has to end before the stop does, of which these tests have little time.
      ORDERS_ATTEMPT_TIMEOUT_MS: '2000',
      ORDERS_TOTAL_TIMEOUT_MS: '2500',
    },
    async dispose() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What the gateway's upstream does, as the service's own routes. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  for await (const _ of request);
  if (request.url?.endsWith('/stream') === true) {
    for (let piece = 0; piece < 10; piece += 1) {
      response.write('piece\n');
      await delay(slowMs / 10);
    }
    response.end();
    return;
  }
  if (request.url?.endsWith('/slow') === true) await delay(slowMs);
  response.statusCode = request.method === 'POST' ? 201 : 200;
  response.setHeader('content-type', 'application/json').end('{}');
}
