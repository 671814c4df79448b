import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** How one request is treated. */
export type Fault = (response: ServerResponse) => void;

const json = { 'content-type': 'application/json' };

/** Answers as a healthy server does. */
export function answers(body: unknown): Fault {
  return (response) => response.writeHead(200, json).end(JSON.stringify(body));
}

export const faults = {
  /** Takes the request, and never says a word. */
  hangs: () => undefined,
  /** Breaks the connection instead of answering. */
  resets: (response) => response.socket?.resetAndDestroy(),
  /** Begins to answer, and breaks the connection in the middle. */
  breaksOff: (response) => {
    response.writeHead(200, { ...json, 'content-length': 100 }).write('{"id":');
    setImmediate(() => response.socket?.destroy());
  },
  /** Begins to answer, and never goes on. */
  stalls: (response) => response.writeHead(200, { ...json, 'content-length': 100 }).write('{"id":'),
  /** Answers with more than anybody wants to read. */
  floods: (response) => response.writeHead(200, json).end(`"${'x'.repeat(2_000_000)}"`),
  /** Answers with what no parser of HTTP takes. */
  garbles: (response) => response.socket?.end('HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\nwhat'),
  /** Says first, in pieces, that it goes on, and that there will be hints. */
  continues: (response) => {
    response.socket?.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Con');
    setTimeout(() => {
      response.socket?.write('tinue\r\n\r\n');
      response.writeHead(200, json).end('{"fine":true}');
    }, 50);
  },
  isNoJson: (response) => response.writeHead(200, json).end('<html>'),
} satisfies Record<string, Fault>;

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return (response) => response.writeHead(code, headers).end();
}

/** A request that came, and when. */
export interface Seen {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/** A server whose requests are treated as a test says. */
export interface FaultyServer {
  readonly origin: string;
  readonly seen: readonly Seen[];
  /** How many connections there were, and how many were closed before they had their answer. */
  readonly connections: { readonly opened: number; readonly givenUp: number };
  /** Ends it, its connections too. */
  close(): void;
}

/**
 * A server for one test that treats its requests one by one as told, and all further ones as the
 * last; it counts its connections and how many of them were closed before they had their answer.
 */
export async function startFaultyServer(...treatments: [Fault, ...Fault[]]): Promise<FaultyServer> {
  const seen: Seen[] = [];
  const connections = { opened: 0, givenUp: 0 };
  const server = createServer((request, response) => {
    request.resume();
    response.once('close', () => {
      if (!response.writableFinished) connections.givenUp += 1;
    });
    seen.push({ method: request.method, headers: request.headers, at: performance.now() });
    const treatment = treatments[seen.length - 1] ?? treatments.at(-1) ?? treatments[0];
    treatment(response);
  });
  server.on('connection', () => {
    connections.opened += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${address.port}`, seen, connections, close };
}
