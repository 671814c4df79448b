import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds between two looks at the connections of a server that closes. */
const lookEveryMs = 50;

/** The open connections of an HTTP server, which it must be rid of before it is closed. */
export class Connections {
  readonly #server: Server;
  /** How much each had sent when it was last looked at; nothing before the first look. */
  readonly #seen = new Map<Socket, number | undefined>();
  readonly #answers = new Set<ServerResponse<IncomingMessage>>();
  #closesAfterAnswer = false;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#seen.set(socket, undefined);
      socket.once('close', () => this.#seen.delete(socket));
    });
    // Before the one that answers, which may do so at once.
    server.prependListener('request', (_request, answer) => {
      this.#answers.add(answer);
      answer.once('close', () => this.#answers.delete(answer));
      if (this.#closesAfterAnswer) answer.setHeader('connection', 'close');
    });
  }

  /** From now on each answer is the last of its connection, so that no client waits on one that goes away. */
  closeAfterAnswer(): void {
    this.#closesAfterAnswer = true;
    for (const answer of this.#answers)
      if (!answer.headersSent) answer.setHeader('connection', 'close');
  }

  /**
   * Resolves when every connection is closed: at once where no request has begun, and where one has,
   * with its answer.
   *
   * @param outOfTime after which no client is waited for that is still sending, or still reading.
   */
  async close(outOfTime: AbortSignal): Promise<void> {
    this.closeAfterAnswer();
    this.#closeUnused();
    // What a client has just sent may not have been read yet.
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    this.#closeUnused();
    const looking = setInterval(() => setImmediate(() => this.#closeUnused()), lookEveryMs);
    const giveUp = (): void => this.#closeSlow();
    outOfTime.addEventListener('abort', giveUp);
    await new Promise((resolve) => this.#server.close(resolve));
    outOfTime.removeEventListener('abort', giveUp);
    clearInterval(looking);
  }

  /** Closes those on which no request has begun, and nothing has come since the last look. */
  #closeUnused(): void {
    const inUse = new Set([...this.#answers].map(({ req }) => req.socket));
    for (const [socket, seen] of this.#seen) {
      if (!inUse.has(socket) && seen === socket.bytesRead) socket.destroySoon();
      else this.#seen.set(socket, socket.bytesRead);
    }
  }

  /** Closes those whose client is what the answer waits for. */
  #closeSlow(): void {
    for (const { req, headersSent } of this.#answers)
      if (!req.complete || headersSent) req.socket.destroy();
  }
}
