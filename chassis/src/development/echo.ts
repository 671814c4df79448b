import { once } from 'node:events';
import { createServer } from 'node:http';
import { otherService, type ServiceStandIn, type StandIn } from '../stand-ins/index.ts';

/**
 * Another service in development, unless its variable is set: a server that answers every request with what
 * it was asked, in JSON.
 */
export function echoService(variable: string, name: string): StandIn {
  return otherService(variable, () => startEcho(name));
}

async function startEcho(name: string): Promise<ServiceStandIn> {
  const server = createServer((request, response) => {
    request.resume();
    const { method, url, headers } = request;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ standsInFor: name, method, url, headers }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
