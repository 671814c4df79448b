import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';

/** Milliseconds between two looks at the connections of a server that closes. */
const lookEveryMs = 50;

/** Milliseconds within which a client that has just connected, or has its answer, may be about to send. */
const aboutToSendMs = 500;

/** How much had come on a connection when something last happened on it, and when that was. */
interface Activity {
  readonly bytesRead: number;
  /** By `performance.now()`. */
  readonly at: number;
}

/** The open connections of an HTTP server, which it must be rid of before it is closed. */
export class Connections {
  readonly #server: Server;
  readonly #last = new Map<Socket, Activity>();
  readonly #answers = new Set<ServerResponse<IncomingMessage>>();
  #closesAfterAnswer = false;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#note(socket);
      socket.once('close', () => this.#last.delete(socket));
    });
    // Before the one that answers, which may do so at once.
    server.prependListener('request', ({ socket }, answer) => {
      this.#answers.add(answer);
      answer.once('close', () => {
        this.#answers.delete(answer);
        if (this.#last.has(socket)) this.#note(socket);
      });
      if (this.#closesAfterAnswer) answer.setHeader('connection', 'close');
    });
  }

  /**
   * From now on each answer is the last of its connection, so that no client waits on one that goes away.
   * An answer whose head has gone out cannot say so any more; the next on its connection does.
   */
  closeAfterAnswer(): void {
    this.#closesAfterAnswer = true;
    for (const answer of this.#answers)
      if (!answer.headersSent) answer.setHeader('connection', 'close');
  }

  /**
   * Resolves when every connection is closed: where no request has begun, as soon as none is to be
   * expected, and where one has, with its answer.
   *
   * @param outOfTime after which no client is waited for that is still sending, or still reading.
   */
  async close(outOfTime: AbortSignal): Promise<void> {
    this.closeAfterAnswer();
    // What has come is read between a timer and an immediate; before that a connection may seem unused.
    const look = (): void => void setImmediate(() => this.#closeUnused(aboutToSendMs));
    look();
    const looking = setInterval(look, lookEveryMs);
    const giveUp = (): void => {
      this.#closeUnused(0);
      this.#closeSlow();
    };
    outOfTime.addEventListener('abort', giveUp);
    // One that the system has accepted, and the process has not yet seen, would be reset.
    await delay(lookEveryMs);
    await immediate();
    // As a TCP server: an HTTP server would close what looks unused to it, at once.
    await new Promise((resolve) => TcpServer.prototype.close.call(this.#server, resolve));
    outOfTime.removeEventListener('abort', giveUp);
    clearInterval(looking);
  }

  #note(socket: Socket): void {
    this.#last.set(socket, { bytesRead: socket.bytesRead, at: performance.now() });
  }

  /** Closes those on which no request has begun, and nothing has happened for so many milliseconds. */
  #closeUnused(milliseconds: number): void {
    const inUse = new Set([...this.#answers].map(({ req }) => req.socket));
    for (const [socket, { bytesRead, at }] of this.#last) {
      if (inUse.has(socket)) continue;
      if (socket.bytesRead !== bytesRead) this.#note(socket);
      else if (performance.now() - at >= milliseconds) socket.destroySoon();
    }
  }

  /** Closes those whose client is what the answer waits for. */
  #closeSlow(): void {
    for (const { req, headersSent } of this.#answers)
      if (!req.complete || headersSent) req.socket.destroy();
  }
}
