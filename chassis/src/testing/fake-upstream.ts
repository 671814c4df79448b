import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the upstream has received it. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

/** Answers one request. */
export type Responder = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that stands in for a service that is called. */
export interface FakeUpstream {
  readonly url: string;
  /** What it was asked, in order; a test may empty it. */
  readonly seen: SeenRequest[];
  /** The connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
  stop(): void;
}

/** Starts an upstream on a real socket, which notes what it is asked and answers as told. */
export async function startFakeUpstream(answer: Responder = answerOk): Promise<FakeUpstream> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const { method, url, headers, rawHeaders } = request;
    seen.push({ method, url, headers, rawHeaders });
    answer(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${portOf(server.address())}`, seen, sockets, stop };
}

function answerOk(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"fine":true}');
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
