import type { IncomingHttpHeaders } from 'node:http';
import { endsHere } from './hop-by-hop.ts';

/** An upstream's answer's header fields as the caller shall see them. */
export function responseHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const { connection } = headers;
  const isEnd = endsHere(Array.isArray(connection) ? connection.join() : connection);
  const sent: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    // Which sites may read answers is for the gateway to say, for all upstreams alike.
    if (value === undefined || isEnd(name) || name.startsWith('access-control-')) continue;
    sent[name] = value;
  }
  return sent;
}
