import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A way to a server on which what the server says takes time, in milliseconds, which may be changed. */
export class SlowProxy {
  readonly port: number;
  answersAfterMs = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number, server: Server) {
    this.port = port;
    this.#server = server;
  }

  /** @param target a port, or what returns it for a server that is started later. */
  static async to(target: number | (() => number)): Promise<SlowProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const proxy = new SlowProxy(address.port, server);
    const portOf = typeof target === 'number' ? () => target : target;
    server.on('connection', (client) => proxy.#link(client, connect(portOf(), '127.0.0.1')));
    return proxy;
  }

  #link(client: Socket, server: Socket): void {
    client.on('data', (data) => server.write(data));
    let delivered: Promise<unknown> = Promise.resolve();
    server.on('data', (data) => {
      const isDue = delay(this.answersAfterMs, undefined, { ref: false });
      delivered = Promise.all([delivered, isDue]).then(() => client.write(data));
    });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const each of [client, server]) each.destroy();
      });
    }
  }

  dispose(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
