import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere): one
// of those is easily taken by a connection before whoever asked for it listens.
const first = 20_000;
const count = 12_768;

// Processes that run beside each other begin to look 64 ports apart.
let tried = process.pid * 64;

/** A port of 127.0.0.1 that is free now, and that this process has not been given before. */
export async function freePort(): Promise<number> {
  for (let left = count; left > 0; left -= 1) {
    tried += 1;
    const port = first + (tried % count);
    if (await isFree(port)) return port;
  }
  throw new Error(`All ports from ${first} to ${first + count - 1} are in use.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
