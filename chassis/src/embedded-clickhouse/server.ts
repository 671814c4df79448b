import fs from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChdbModule, credentials, httpInterface } from './http-interface.ts';

/**
 * A process that runs ClickHouse in a folder, prints its URL, and ends when its standard input
 * closes: so the server ends with whoever started it, even one that is killed. A process of its own
 * because the engine has one folder a process, and several services and tests may share a server.
 *
 * Usage: node server.ts CHDB FOLDER [PORT], the first the URL of that package's module.
 */
const [packageUrl = '', place = '', port = '0'] = process.argv.slice(2);
const folder = path.resolve(place);
const { Session }: ChdbModule = await import(packageUrl);
await fs.mkdir(folder, { recursive: true });
/** Keeps the engine loaded between requests. */
const engine = await openFolder();
const server = createServer(httpInterface(() => new Session(folder)));
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const { user, password } = credentials;
  console.log(`http://${user}:${password}@127.0.0.1:${address.port}`);
});
process.stdin.resume().on('end', () => {
  server.closeAllConnections();
  engine.close();
  process.exit(0);
});

/** A server that was killed, or whose owner was, may take a moment to let go of the folder. */
async function openFolder() {
  for (const end = Date.now() + 10_000; ; await delay(100)) {
    try {
      return new Session(folder);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
