import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyInstance, FastifyRequest } from 'fastify';
import { errorBody } from './error-format.ts';
import { HttpError } from './problem.ts';

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

/** What is wrong with a request that Node.js or Fastify would answer by itself, without a body or hooks. */
export function faultOf({ raw, originalUrl, url, headers }: FastifyRequest): HttpError | undefined {
  if (originalUrl !== url)
    return new HttpError(400, 'The path has percent-encoding that cannot be decoded.');
  if (raw.httpVersion !== '1.1') return undefined;
  if (headers.host === undefined) return new HttpError(400, 'There is no Host.');
  const { expect = '100-continue' } = headers;
  if (expect.toLowerCase() === '100-continue') return undefined;
  return new HttpError(417, `Nothing is known of the expectation ${expect}.`);
}

/** Answers what is no request: a head that is broken, too large, or too long on its way. */
export function answerNoRequest(
  this: FastifyInstance,
  { code }: ConnectionError,
  socket: Socket,
): void {
  if (code === 'ECONNRESET' || !socket.writable) return;
  const error = errorOf(code);
  const { statusCode: status } = error;
  const requestId = randomUUID();
  this.log.info({ reqId: requestId, code, statusCode: status }, 'not a request');
  const unanswered = { status, error, requestId, log: this.log };
  const { contentType, body } = errorBody(this.errorFormat, unanswered);
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${text}`);
  socket.destroySoon();
}

function errorOf(code: string): HttpError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpError(408, 'The request took too long to come.');
    case 'HPE_HEADER_OVERFLOW':
      return new HttpError(431, 'The head of the request is too large.');
    default:
      return new HttpError(400, 'The request is not HTTP as it should be.');
  }
}
