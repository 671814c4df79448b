import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  cut: boolean;
  readonly toServer: Buffer[];
  readonly toClient: Buffer[];
}

/**
 * A way to a server that can be cut for the connections that there are: nothing of theirs passes, and
 * nobody is told, until it is let through late. New connections pass.
 */
export class CuttableProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #links: Link[];

  private constructor(port: number, server: Server, links: Link[]) {
    this.port = port;
    this.#server = server;
    this.#links = links;
  }

  static async to(target: number): Promise<CuttableProxy> {
    const links: Link[] = [];
    const server = createServer((client) =>
      links.push(linked(client, connect(target, '127.0.0.1'))),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new CuttableProxy(address.port, server, links);
  }

  /** How many connections were made so far. */
  get connections(): number {
    return this.#links.length;
  }

  cut(): void {
    for (const link of this.#links) link.cut = true;
  }

  /** Whether something that holds a text is on its way to the server, and cut off. */
  holdsBack(text: string): boolean {
    return this.#links.some(({ toServer }) => Buffer.concat(toServer).includes(text));
  }

  /** Lets through what was held back, and all that comes after. */
  mend(): void {
    for (const link of this.#links) {
      link.cut = false;
      for (const data of link.toServer.splice(0)) link.server.write(data);
      for (const data of link.toClient.splice(0)) link.client.write(data);
      if (link.server.destroyed) link.client.destroy();
    }
  }

  dispose(): void {
    this.#server.close();
    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }
  }
}

function linked(client: Socket, server: Socket): Link {
  const link: Link = { client, server, cut: false, toServer: [], toClient: [] };
  client.on('data', (data) => (link.cut ? link.toServer.push(data) : server.write(data)));
  server.on('data', (data) => (link.cut ? link.toClient.push(data) : client.write(data)));
  for (const socket of [client, server]) socket.on('error', () => undefined);
  // A client that ends while it is cut off leaves behind what it had sent.
  client.on('close', () => void (link.cut || server.destroy()));
  server.on('close', () => void (link.cut || client.destroy()));
  return link;
}
