import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as far as its head goes. */
interface Asked {
  readonly method: string;
  /** Path and query, as they were asked for. */
  readonly url: string;
  readonly head: string;
  /** When the body is here whole. */
  readonly body: Promise<void>;
}

/** Whatever bytes an upstream answers with. */
export type Answer = (socket: Socket, asked: Asked) => unknown;

/** Finds the requests among the bytes of one connection. */
function requestsIn(socket: Socket, begins: (asked: Asked) => void): void {
  let text = '';
  let bytesLeft = 0;
  let bodyIsHere = (): void => undefined;
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    for (;;) {
      const skipped = Math.min(bytesLeft, text.length);
      text = text.slice(skipped);
      bytesLeft -= skipped;
      if (bytesLeft === 0) bodyIsHere();
      const end = text.indexOf('\r\n\r\n');
      if (bytesLeft > 0 || end < 0) return;
      const head = text.slice(0, end);
      text = text.slice(end + 4);
      const [method = '', url = ''] = head.split(' ');
      // What comes in chunks is never here whole, as far as anybody needs to know here.
      const isChunked = /^transfer-encoding: chunked/im.test(head);
      bytesLeft = isChunked ? Infinity : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      const body = new Promise<void>((resolve) => {
        bodyIsHere = resolve;
      });
      begins({ method, url, head, body });
    }
  });
}

/** An upstream that says what no server of HTTP would say, as soon as it has the head of a request. */
export async function rawUpstream(answer: Answer) {
  const sockets = new Set<Socket>();
  const asked: Asked[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    requestsIn(socket, (request) => {
      asked.push(request);
      answer(socket, request);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, sockets, asked };
}

/** An answer in full. */
export function said(status: string, body = 'ok', ...fields: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status}`, `Content-Length: ${body.length}`, ...fields];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

export const ok: Answer = (socket) => socket.write(said('200 OK'));
