import type { IncomingMessage } from 'node:http';
import { isDecodable } from '../../http/index.ts';
import { namedAgainstRules } from './end-to-end.ts';

const pathCharacters = /^\/[\w\-.~!$&'()*+,;=:@%/]*$/;
const queryCharacters = /^[\x21\x22\x24-\x7e]*$/;
/** Encoded: `/`, `\`, `.`, control characters, and a `%` that hides one of these from the first look. */
const encodedTricks = /%(?:25)*(?:2[ef]|5c|[01][\da-f]|7f)/i;
/** `.` and `..`, also with parameters behind them, which some servers cut off before they resolve them. */
const dotSegment = /\/\.{1,2}(?:;[^/]*)?(?:\/|$)/;
const host = /^(?:[a-z\d_-]+(?:\.[a-z\d_-]+)*\.?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
const once = new Set(['host', 'authorization', 'content-type', 'content-length']);
const withoutBody = new Set(['GET', 'HEAD']);

/**
 * What is wrong with a request that servers might read in different ways: then the one that is checked
 * here need not be the one that an upstream sees, so it is refused instead of mended. Node's parser has
 * already refused what is no HTTP. `undefined` when nothing is.
 */
export function requestFault(request: IncomingMessage): string | undefined {
  return urlFault(request.url ?? '') ?? framingFault(request) ?? fieldFault(request);
}

function urlFault(url: string): string | undefined {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (!pathCharacters.test(path)) return 'The path has characters that a path must not have.';
  if (path.includes('//')) return 'The path has an empty segment.';
  if (dotSegment.test(path)) return 'The path has a "." or ".." segment.';
  if (path.includes('%')) {
    if (encodedTricks.test(path)) return 'The path has an encoded dot, slash or control character.';
    if (!isDecodable(path)) return 'The path has percent-encoding that cannot be decoded.';
  }
  if (mark >= 0 && !queryCharacters.test(url.slice(mark))) {
    return 'The query has characters that a query must not have.';
  }
  return undefined;
}

function framingFault({ method = '', headers, httpVersion }: IncomingMessage): string | undefined {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined) {
    if (httpVersion !== '1.1') return 'Transfer-Encoding needs HTTP/1.1.';
    if (coding.toLowerCase() !== 'chunked') return 'Transfer-Encoding may be "chunked" only.';
  }
  const hasBody = coding !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && withoutBody.has(method) ? `A ${method} has no body.` : undefined;
}

/** Of a field that comes twice, one server takes the first and another the last. */
function fieldFault({ headers, rawHeaders, httpVersion }: IncomingMessage): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!once.has(name)) continue;
    if (seen.has(name)) return `There is more than one ${name}.`;
    seen.add(name);
  }
  const named = namedAgainstRules(headers.connection);
  if (named !== undefined) return `Connection must not name ${named}.`;
  if (headers.host === undefined) return httpVersion === '1.0' ? undefined : 'There is no Host.';
  return isHost(headers.host) ? undefined : 'The Host is not the name of a host.';
}

/** Whether a text is a host with or without a port, and nothing else. */
export function isHost(text: string): boolean {
  return text.length <= 260 && host.test(text);
}
