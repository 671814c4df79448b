import type { Entry } from './entrance.ts';

/**
 * Where an answer leads, as the caller must ask for it: a place below the upstream's path is below the
 * path that was opened for it. Any other place stays as it is.
 *
 * @param sentPath path and query that were sent to the upstream.
 */
export function locationFor(
  location: string,
  { path, rest }: Entry,
  { origin, sentPath }: { readonly origin: string; readonly sentPath: string },
): string {
  if (!sentPath.endsWith(rest)) return location;
  const upstreamPath = sentPath.slice(0, sentPath.length - rest.length);
  const place = location.startsWith(`${origin}/`) ? location.slice(origin.length) : location;
  if (!place.startsWith(upstreamPath) || place.startsWith('//')) return location;
  const below = place.slice(upstreamPath.length);
  return below === '' || /^[/?#]/.test(below) ? path + below : location;
}
