import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a server on this machine, which can cut and slow its connections. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #delayMs = 0;
  /** How many pieces of data were held up. */
  delayed = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async open(): Promise<{ proxy: TcpProxy; pointTo(target: number): void }> {
    let target = 0;
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const proxy = new TcpProxy(server, address.port);
    server.on('connection', (client) => proxy.#join(client, connect(target, '127.0.0.1')));
    return {
      proxy,
      pointTo(port) {
        target = port;
      },
    };
  }

  /** Breaks every connection that is open now, and returns how many there were. */
  cut(): number {
    const { size } = this.#sockets;
    for (const socket of this.#sockets) socket.destroy();
    return size / 2;
  }

  /** Delays whatever passes from now on by so many milliseconds each way. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #join(client: Socket, server: Socket): void {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      let due = 0;
      from.on('data', (chunk) => {
        due = Math.max(due, performance.now() + this.#delayMs);
        const send = () => {
          if (to.destroyed || to.write(chunk)) return;
          from.pause();
          to.once('drain', () => from.resume());
        };
        const wait = due - performance.now();
        if (wait <= 0) send();
        else {
          this.delayed += 1;
          setTimeout(send, wait);
        }
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
