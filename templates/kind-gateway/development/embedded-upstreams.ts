import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import manifest from '../service.json' with { type: 'json' };
import { variablesOf } from 'service-chassis/gateway';
import type { Embed } from './main.ts';

const calls: readonly string[] = manifest.calls;

/** For each upstream whose address is not given, a server that answers with what it was asked. */
const embed: Embed = async (given) => {
  const environment: Record<string, string> = {};
  const servers: Server[] = [];
  for (const name of calls) {
    const variable = `${variablesOf(name)}_URL`;
    if (given[variable] !== undefined) continue;
    const { server, url } = await echo(name);
    servers.push(server);
    environment[variable] = url;
  }
  if (servers.length === 0) return undefined;
  return {
    environment,
    async stop() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
};

export default embed;

async function echo(upstream: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    request.resume();
    const { method, url, headers } = request;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ standsInFor: upstream, method, url, headers }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${address.port}` };
}
