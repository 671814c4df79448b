import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { vi } from 'vitest';

/** A connection on which a test sends what it likes, and as much of it. */
export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  /** Resolves when it is closed: with what was wrong with it, if anything. */
  readonly closed: Promise<Error | undefined>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#received += data;
    });
    this.closed = new Promise((resolve) => {
      socket.once('error', resolve);
      socket.once('close', () => resolve(undefined));
    });
  }

  static async open(url: string, sent = ''): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    if (sent !== '') socket.write(sent);
    return new RawConnection(socket);
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  /** Waits until that has come, and returns all that came; it is forgotten then. */
  async receive(wanted: string, timeout = 5000): Promise<string> {
    await vi.waitFor(
      () => {
        if (!this.#received.includes(wanted)) throw new Error(`got ${this.#received}`);
      },
      { timeout, interval: 10 },
    );
    const received = this.#received;
    this.#received = '';
    return received;
  }

  close(): void {
    this.#socket.destroy();
  }
}
