/** Header fields between two neighbours only, never handed on (RFC 9110, 7.6.1; RFC 9112). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/**
 * Which header fields of a message end here: those that always do, and those that its `Connection`
 * names. Names are in lower case.
 */
export function endsHere(connection: string | undefined): (name: string) => boolean {
  if (connection === undefined || /^\s*(?:keep-alive|close)\s*$/i.test(connection)) {
    return (name) => hopByHop.has(name);
  }
  const named = new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
  return (name) => hopByHop.has(name) || named.has(name);
}
