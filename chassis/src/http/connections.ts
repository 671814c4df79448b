import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';

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
    if (this.#closesAfterAnswer) return;
    this.#closesAfterAnswer = true;
    for (const answer of this.#answers) {
      if (answer.headersSent) this.#closeWithEnd(answer);
      else answer.setHeader('connection', 'close');
    }
  }

  /**
   * An answer whose head has gone out cannot say any more that it is the last: its connection ends together
   * with it, before the client can take the connection for one to send its next request on.
   */
  #closeWithEnd(answer: ServerResponse<IncomingMessage>): void {
    const { socket } = answer.req;
    answer.once('finish', () => {
      const isPipelined = [...this.#answers].some(
        (other) => other !== answer && other.req.socket === socket,
      );
      if (!isPipelined) socket.destroySoon();
    });
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
    // What a client has just sent may not have been read yet: it is, between a timer and an immediate.
    await delay(lookEveryMs);
    await immediate();
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
