import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance } from 'fastify';
import { problemOf } from './problem.ts';

/**
 * The URL by which a request finds its route. A path that cannot be decoded has none, and Fastify would
 * answer it by itself, without hooks: here it becomes one that can, and `originalUrl` is no longer `url`.
 */
export function routableUrl({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  if (!path.includes('%') || isDecodable(path)) return url;
  return path.replaceAll('%', '%25') + url.slice(path.length);
}

/** Whether all percent-encoding in a path is that of UTF-8. */
export function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** Answers what is no request: a head that is broken, too large, or too long on its way. */
export function answerNoRequest(
  this: FastifyInstance,
  { code }: ConnectionError,
  socket: Socket,
): void {
  if (code === 'ECONNRESET' || !socket.writable) return;
  const [status, reason, detail] = faultOf(code);
  const id = randomUUID();
  this.log.info({ reqId: id, code, statusCode: status }, 'not a request');
  const body = JSON.stringify(problemOf(status, detail));
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

function faultOf(code: string): readonly [status: number, reason: string, detail: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'Request Timeout', 'The request took too long to come.'];
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'Request Header Fields Too Large', 'The head of the request is too large.'];
    default:
      return [400, 'Bad Request', 'The request is not HTTP as it should be.'];
  }
}
