import { once } from 'node:events';
import http from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { BSON } from 'mongodb';

/** What a server says that takes no writes. */
export interface Refusal {
  readonly code: number;
  readonly codeName: string;
  /** What a MongoDB says of itself then. */
  readonly hello?: object;
}

/**
 * A way to a server that answers writes in its place while there is a refusal: for states that the
 * stand-ins for MongoDB and ClickHouse cannot be brought into. The answers are those of the real servers.
 */
export interface RefusingProxy {
  readonly port: number;
  refusal: Refusal | undefined;
  dispose(): Promise<void>;
}

const headerBytes = 16;
const opMsg = 2013;
const writes = ['insert', 'update', 'delete', 'findAndModify'];

export class RefusingMongo implements RefusingProxy {
  refusal: Refusal | undefined;
  port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(target: number) {
    this.#server = createServer((client) => this.#link(client, connect(target, '127.0.0.1')));
  }

  static async to(target: number): Promise<RefusingMongo> {
    const proxy = new RefusingMongo(target);
    proxy.port = await listen(proxy.#server);
    return proxy;
  }

  async dispose(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #link(client: Socket, server: Socket): void {
    let waiting = Buffer.alloc(0);
    client.on('data', (data) => {
      waiting = Buffer.concat([waiting, data]);
      while (waiting.length >= headerBytes && waiting.length >= waiting.readInt32LE(0)) {
        const message = waiting.subarray(0, waiting.readInt32LE(0));
        waiting = waiting.subarray(message.length);
        const answer = this.#answerTo(message);
        if (answer === undefined) server.write(message);
        else client.write(answer);
      }
    });
    server.pipe(client);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  }

  /** What is answered in place of the server, in the wire protocol's OP_MSG. */
  #answerTo(message: Buffer): Buffer | undefined {
    const start = headerBytes + 5;
    const isCommand = message.readInt32LE(12) === opMsg && message[start - 1] === 0;
    if (this.refusal === undefined || !isCommand) return undefined;
    const { hello, ...refusal } = this.refusal;
    const size = message.readInt32LE(start);
    const command = BSON.deserialize(message.subarray(start, start + size));
    const [name = ''] = Object.keys(command);
    const refused = { ok: 0, errmsg: `refused: ${refusal.codeName}`, ...refusal };
    if (writes.includes(name)) return answer(message, refused);
    // The driver itself watches the server by way of `admin`.
    return name === 'hello' && command.$db !== 'admin' && hello
      ? answer(message, hello)
      : undefined;
  }
}

function answer(message: Buffer, document: object): Buffer {
  const body = BSON.serialize(document);
  const head = Buffer.alloc(headerBytes + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(opMsg, 12);
  return Buffer.concat([head, body]);
}

export class RefusingClickHouse implements RefusingProxy {
  refusal: Refusal | undefined;
  port = 0;
  readonly #target: number;
  readonly #server: http.Server;

  private constructor(target: number) {
    this.#target = target;
    this.#server = http.createServer((request, response) => this.#take(request, response));
  }

  static async to(target: number): Promise<RefusingClickHouse> {
    const proxy = new RefusingClickHouse(target);
    proxy.port = await listen(proxy.#server);
    return proxy;
  }

  async dispose(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #take(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { url = '/', method, headers } = request;
    if (this.refusal !== undefined && /insert/i.test(decodeURIComponent(url))) {
      const { code, codeName } = this.refusal;
      request.resume();
      response.writeHead(500, { 'x-clickhouse-exception-code': code });
      response.end(`Code: ${code}. DB::Exception: refused. (${codeName})`);
      return;
    }
    const target = { host: '127.0.0.1', port: this.#target, path: url, method, headers };
    const onward = http.request(target, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
