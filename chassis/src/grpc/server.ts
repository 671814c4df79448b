import { type EventEmitter, once } from 'node:events';
import {
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { Code } from '@connectrpc/connect';

/** Answers one call, which is one HTTP/2 stream. */
export type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Calls that one connection may have open at once; more wait at the client. */
const maxConcurrentStreams = 250;

/** A listening HTTP/2 server, and its connections. */
export class GrpcServer {
  readonly #server;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Set<ServerHttp2Stream>();

  /** @param requestTimeout milliseconds in which a request must have come to its end. */
  constructor(listener: Listener, requestTimeout: number) {
    this.#server = createServer({ settings: { maxConcurrentStreams } }, (request, response) => {
      const { stream } = request;
      const tooSlow = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), requestTimeout);
      for (const event of ['end', 'close']) stream.once(event, () => clearTimeout(tooSlow));
      stream.once('wantTrailers', () => endRequest(stream));
      keepWhileOpen(this.#streams, stream);
      listener(request, response);
    });
    this.#server.on('session', (session) => keepWhileOpen(this.#sessions, session));
    this.#server.on('connection', (socket: Socket) => keepWhileOpen(this.#sockets, socket));
  }

  /** The port that it listens on. */
  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    return address.port;
  }

  /** @throws Error of Node.js when the port cannot be had. */
  async listen(host: string, port: number): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
  }

  /**
   * Tells every client to go elsewhere (GOAWAY), and resolves when what is in flight is done.
   *
   * @param outOfTime after which no client is waited for that is still sending, or still reading.
   */
  async close(outOfTime: AbortSignal): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const session of this.#sessions) session.close();
    const giveUp = (): void => this.#closeSlow();
    outOfTime.addEventListener('abort', giveUp);
    for (const stream of this.#streams) await once(stream, 'close');
    outOfTime.removeEventListener('abort', giveUp);
    // A client that does not hang up is not waited for.
    for (const socket of this.#sockets) socket.destroySoon();
    await closed;
  }

  #closeSlow(): void {
    for (const stream of this.#streams)
      if (!stream.readableEnded || stream.headersSent) stream.close(constants.NGHTTP2_CANCEL);
  }
}

/**
 * Ends a request that is answered before its end, as when a message is too large. Not all clients do so,
 * and a reset at once would overtake the answer; what answers the ping has it.
 */
function endRequest(stream: ServerHttp2Stream): void {
  if (stream.readableEnded) return;
  stream.session?.ping(() => stream.destroy());
}

function keepWhileOpen<T extends EventEmitter>(open: Set<T>, one: T): void {
  open.add(one);
  one.once('close', () => open.delete(one));
}

/** What there is not is UNIMPLEMENTED, in an answer without a message. */
export function answerUnimplemented(response: Http2ServerResponse): void {
  const status = { 'grpc-status': Code.Unimplemented, 'grpc-message': 'There is no such method.' };
  response.writeHead(200, { 'content-type': 'application/grpc', ...status }).end();
}
