import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { docsPath } from './docs.ts';

/** Prints the addresses of a service that listens, as soon as it is ready. */
export function announce(app: FastifyInstance): void {
  app.addHook('onListen', async () => {
    // Not awaited: the service may be waiting for what it needs.
    void whenReady(app).then((isReady) => {
      if (isReady) console.log(addressesOf(app));
    });
  });
}

async function whenReady({ health }: FastifyInstance): Promise<boolean> {
  while (!health.shuttingDown.aborted) {
    const { ready } = await health.readiness();
    if (ready) return true;
    await delay(100, undefined, { ref: false });
  }
  return false;
}

function addressesOf(app: FastifyInstance): string {
  const origin = app.listeningOrigin;
  const has = (url: string): boolean => app.hasRoute({ method: 'GET', url });
  const documents = [docsPath, '/openapi.json', '/asyncapi.json'].filter(has);
  const probes = ['/health/live', '/health/ready', '/health/startup'].filter(has);
  const lines = [
    ['API', [origin]],
    ['documents', documents.map((path) => origin + path)],
    ['probes', probes.map((path) => origin + path)],
    ['try', [`curl ${origin}${readablePath(app)}`]],
  ] as const;
  return lines
    .filter(([, addresses]) => addresses.length > 0)
    .map(([title, addresses]) => `  ${title.padEnd(11)}${addresses.join('  ')}`)
    .join('\n');
}

/** As much of an OpenAPI document as is looked at here. */
interface ApiDocument {
  readonly paths?: Readonly<Record<string, object>>;
}

/** What can be read without knowing anything of the service. */
function readablePath(app: FastifyInstance): string {
  const otherwise = '/health/ready';
  if (!app.hasDecorator('swagger')) return otherwise;
  const { paths = {} } = app.getDecorator<() => ApiDocument>('swagger')();
  const readable = Object.entries(paths).find(([path, item]) => 'get' in item && !/\{/.test(path));
  return readable?.[0] ?? otherwise;
}
