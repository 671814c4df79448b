/** An answer as far as it is compared. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** Without content encoding; empty where there is none. */
  readonly body: Buffer;
}

/** Deeper than anything that a person would read. */
const deepest = 100;
const keysShown = 20;

/**
 * Says where two answers differ: `status`, `body`, or the places in a JSON body. Never what stands
 * there, as that may be personal; for the same reason a key that looks like data rather than like the
 * name of a field is shown as a star. Order counts in lists, and not among the keys of an object. Pure.
 *
 * @param ignore places that may differ, with a star for any one key or index.
 */
export function differencesBetween(
  old: Answer,
  fresh: Answer,
  ignore: readonly string[],
): readonly string[] {
  if (old.status !== fresh.status) return [`status ${old.status} became ${fresh.status}`];
  const [before, after] = [jsonOf(old), jsonOf(fresh)];
  if (before === undefined || after === undefined)
    return old.body.equals(fresh.body) ? [] : ['body'];
  const patterns = ignore.map((pattern) => pattern.slice(1).split('/').map(unescaped));
  const found = new Set<string>();
  compare(before.value, after.value, [], patterns, found);
  return [...found].slice(0, keysShown);
}

function jsonOf({ contentType = '', body }: Answer): { value: unknown } | undefined {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(contentType)) return undefined;
  try {
    return { value: JSON.parse(body.toString()) };
  } catch {
    return undefined;
  }
}

function compare(
  before: unknown,
  after: unknown,
  path: readonly string[],
  ignore: readonly (readonly string[])[],
  found: Set<string>,
): void {
  if (before === after || ignore.some((pattern) => matches(path, pattern))) return;
  if (path.length > deepest) return void found.add('too deep to be compared');
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    found.add(`${shown(path)} changed`);
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const place = [...path, key];
    const [was, is] = [Object.hasOwn(before, key), Object.hasOwn(after, key)];
    if (was && is) compare(before[key], after[key], place, ignore, found);
    else if (!ignore.some((pattern) => matches(place, pattern)))
      found.add(`${shown(place)} ${was ? 'missing' : 'added'}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function matches(path: readonly string[], pattern: readonly string[]): boolean {
  return (
    path.length === pattern.length &&
    pattern.every((segment, index) => segment === '*' || segment === path[index])
  );
}

function shown(path: readonly string[]): string {
  return `/${path.map((key) => (isFieldName(key) ? key : '*')).join('/')}`;
}

function isFieldName(key: string): boolean {
  return /^[a-z_$][\w$-]{0,31}$/i.test(key) && !/\d{4}/.test(key);
}

/** RFC 6901: `~1` is a slash in a key, and `~0` a tilde. */
function unescaped(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
