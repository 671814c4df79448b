import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  cut: boolean;
  readonly toServer: Buffer[];
  readonly toClient: Buffer[];
}

/** What a connection must not send, or it is cut. */
interface Silenced {
  pattern: RegExp | undefined;
}

/**
 * A way to a server that can be cut for the connections that there are: nothing of theirs passes, and
 * nobody is told, until it is let through late. New connections pass.
 */
export class CuttableProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #links: Link[];
  readonly #silenced: Silenced;

  private constructor(port: number, server: Server, links: Link[], silenced: Silenced) {
    this.port = port;
    this.#server = server;
    this.#links = links;
    this.#silenced = silenced;
  }

  static async to(target: number): Promise<CuttableProxy> {
    const links: Link[] = [];
    const silenced: Silenced = { pattern: undefined };
    const server = createServer((client) =>
      links.push(linked(client, connect(target, '127.0.0.1'), silenced)),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new CuttableProxy(address.port, server, links, silenced);
  }

  /** From now on a connection that sends something like it is cut, so that its statement takes for ever. */
  silence(statement: RegExp): void {
    this.#silenced.pattern = statement;
  }

  /** How many connections are cut. */
  get silent(): number {
    return this.#links.filter(({ cut }) => cut).length;
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

function linked(client: Socket, server: Socket, silenced: Silenced): Link {
  const link: Link = { client, server, cut: false, toServer: [], toClient: [] };
  client.on('data', (data) => {
    link.cut ||= silenced.pattern?.test(data.toString('latin1')) === true;
  });
  client.on('data', (data) => (link.cut ? link.toServer.push(data) : server.write(data)));
  server.on('data', (data) => (link.cut ? link.toClient.push(data) : client.write(data)));
  for (const socket of [client, server]) socket.on('error', () => undefined);
  // A client that ends while it is cut off leaves behind what it had sent.
  client.on('close', () => void (link.cut || server.destroy()));
  server.on('close', () => void (link.cut || client.destroy()));
  return link;
}
