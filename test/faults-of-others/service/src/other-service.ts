import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Takes calls and hangs up. */
const rude = net
  .createServer((socket) => socket.destroy())
  .listen(0, '127.0.0.1')
  .unref();

/** Where nobody listens, and what nobody has heard of. */
const closed = 'http://127.0.0.1:2';
const unknown = 'http://nowhere.invalid';

/** Longer than the database lets a transaction wait, where a test has made that short. */
const slowMs = 2500;

/** Ways to fail that are another service's, by what a caller sees; and one that takes its time. */
const failures: Readonly<Record<string, () => Promise<unknown>>> = {
  fetch: () => fetch(closed),
  refused: () => get(closed),
  unknown: () => get(unknown),
  reset: () => get(`http://127.0.0.1:${portOf(rude)}`),
  slow: () => delay(slowMs),
};

/** Calls another service, which fails or takes its time in the way that is named, and notes the call in the file `CALLS`. */
export async function callOther(how: string): Promise<void> {
  const call = failures[how];
  if (call === undefined) return;
  await fs.appendFile(process.env.CALLS ?? '', `${how}\n`);
  await call();
}

/** Rejects with Node's own error, as clients do that are no `fetch`. */
function get(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => http.get(url, resolve).on('error', reject));
}

function portOf(server: net.Server): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}
