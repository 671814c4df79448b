import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { networkOf } from '../gateway/index.ts';
import type { RouteRule } from './rules.ts';

/** The cookie by which browsers are told apart that have nothing better. */
export const callerCookie = 'strangler-caller';

/** Who asks, for a decision that shall be the same at each of its requests. */
export interface Caller {
  readonly key: string;
  /** The value of a cookie that it should be given, so that it is known again. */
  readonly newCookie?: string;
}

/** A request as far as it tells who sends it. */
export interface Sender {
  readonly headers: IncomingHttpHeaders;
  readonly ip: string;
}

/**
 * Finds what a caller is known by: the subject of its token, the configured header or cookie, the
 * gateway's own cookie, its address. A browser (it says `Sec-Fetch-Mode`, or wants HTML) is given
 * that cookie: many share an address. Programs seldom keep cookies, so their address has to do.
 *
 * Nothing of this is verified here, nor need it be: who lies chooses a side, and no more.
 */
export function callerOf({ headers, ip }: Sender, configured: RouteRule['caller']): Caller {
  const subject = subjectOf(headers.authorization);
  if (subject !== undefined) return { key: `subject:${subject}` };
  const header = configured.header && headerOf(headers, configured.header);
  if (header) return { key: `header:${header}` };
  const cookie = configured.cookie && cookieOf(headers, configured.cookie);
  if (cookie) return { key: `cookie:${cookie}` };
  const own = cookieOf(headers, callerCookie);
  if (own !== undefined && isOurs(own)) return { key: `own:${own}` };
  if (!isBrowser(headers)) return { key: `address:${networkOf(ip)}` };
  const newCookie = randomUUID();
  return { key: `own:${newCookie}`, newCookie };
}

/** The one value of a header; of one that was sent several times all, in order. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The value of a cookie, the first of that name. */
export function cookieOf({ cookie }: IncomingHttpHeaders, name: string): string | undefined {
  for (const pair of cookie?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals >= 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/** The `sub` of a JSON Web Token; `undefined` of any other token, and of one that is broken. */
function subjectOf(authorization: string | undefined): string | undefined {
  const payload = /^bearer [\w-]+\.([\w-]+)\.[\w-]*$/i.exec(authorization ?? '')?.[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const hasSubject = typeof claims === 'object' && claims !== null && 'sub' in claims;
    return hasSubject && typeof claims.sub === 'string' && claims.sub !== ''
      ? claims.sub
      : undefined;
  } catch {
    return undefined;
  }
}

function isOurs(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

function isBrowser(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] !== undefined || /\btext\/html\b/.test(headers.accept ?? '');
}
