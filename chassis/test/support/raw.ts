import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Sends bytes as they are, which no client of HTTP would do, and returns all that comes back until the
 * other side closes the connection.
 */
export async function sendRaw(url: string, ...pieces: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.setEncoding('latin1').on('data', (text) => {
    received += text;
  });
  // A reset after an answer is a way to close, too.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece, 'latin1');
  await once(socket, 'close');
  return received;
}

/** A request without a body, with more lines in its head; the connection is closed after it. */
export function head(requestLine: string, ...fields: readonly string[]): string {
  const lines = [requestLine, 'Host: gateway', 'Connection: close', ...fields];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The status of a raw answer. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}
