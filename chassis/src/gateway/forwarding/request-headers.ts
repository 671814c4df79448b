import type { FastifyRequest } from 'fastify';
import { deadlineHeader } from '../../resilience/index.ts';
import { forwardedHeaders } from './forwarded.ts';
import { endsHere } from './hop-by-hop.ts';
import { isProxysWord } from './proxys-word.ts';

/** What the gateway says itself, or what says something of its own connection only. */
const ownWord = new Set(['host', 'content-length', 'expect', 'x-request-id', deadlineHeader]);

/**
 * The header fields of a request as its upstream shall see them, names and values in turn: without those
 * that end here and those that only a proxy may set, and with what the gateway has seen itself.
 */
export function requestHeaders(request: FastifyRequest): string[] {
  const { rawHeaders, headers } = request.raw;
  const isEnd = endsHere(headers.connection);
  const sent: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [rawHeaders[index], rawHeaders[index + 1]];
    if (isHandedOn(name.toLowerCase(), isEnd)) sent.push(name, value);
  }
  sent.push('x-request-id', request.id, 'via', request.server.forwarding.via);
  sent.push(...forwardedHeaders(request));
  const length = headers['content-length'];
  if (length !== undefined && Number(length) > 0) sent.push('content-length', length);
  return sent;
}

/** Some servers take `_` for `-`: a field with one could come back as one of those that end here. */
function isHandedOn(name: string, isEnd: (name: string) => boolean): boolean {
  return !(isEnd(name) || ownWord.has(name) || name.includes('_') || isProxysWord(name));
}
