import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What came on a connection. */
interface Received {
  readonly status: number;
  readonly head: string;
}

/** A client of HTTP that says just what it is told to. */
export class Connection {
  readonly socket: Socket;
  text = '';
  /** The error that the connection ended with; a reset is one. */
  error: Error | undefined;
  hasEnded = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1').on('data', (text) => {
      this.text += text;
    });
    socket.on('error', (error) => {
      this.error = error;
    });
    for (const event of ['end', 'close']) {
      socket.once(event, () => {
        this.hasEnded = true;
      });
    }
  }

  static async to(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return new Connection(socket);
  }

  write(bytes: string | Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** Sends the head of a request. */
  head(line: string, ...fields: readonly string[]): void {
    this.write(`${[`${line} HTTP/1.1`, 'Host: gateway', ...fields].join('\r\n')}\r\n\r\n`);
  }

  /** Waits for the whole of the next answer, and takes it away; nothing if the connection ends before. */
  async answer(milliseconds = 5000): Promise<Received | undefined> {
    const until = performance.now() + milliseconds;
    while (performance.now() < until) {
      const taken = this.#take();
      if (taken !== undefined) return taken;
      if (this.hasEnded) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`no answer within ${milliseconds} ms, but: ${this.text.slice(0, 500)}`);
  }

  #take(): Received | undefined {
    const end = this.text.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const head = this.text.slice(0, end);
    const status = Number(head.slice(9, 12));
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const size = /^transfer-encoding: chunked/im.test(head)
      ? this.text.indexOf('0\r\n\r\n', end) + 5
      : end + 4 + length;
    if (size < end + 4 || this.text.length < size) return undefined;
    this.text = this.text.slice(size);
    return { status, head };
  }
}
