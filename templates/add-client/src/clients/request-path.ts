/** A value that can stand in a path, a query or a header. */
export type Plain = string | number | boolean;

/**
 * Fills in the parameters of a path.
 *
 * @throws TypeError for a value that would make it another path: an empty one, `.` or `..`.
 */
export function pathOf(template: string, values: Readonly<Record<string, Plain>>): string {
  return template.replace(/\{([^{}/]+)\}/g, (_braces, name: string) => {
    const value = Object.hasOwn(values, name) ? String(values[name]) : '';
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`${name} cannot be part of a path`);
    return encodeURIComponent(value);
  });
}

/**
 * Writes a query with its question mark; `''` when nothing is given. Of a list each item stands under
 * the name, or all with commas between them.
 *
 * @param joined names of the parameters of which it is all.
 */
export function queryOf(
  values: Readonly<Record<string, Plain | readonly Plain[] | undefined>>,
  joined: readonly string[] = [],
): string {
  const pairs = Object.entries(values).flatMap(([name, value]) => {
    const items = itemsOf(value).map((item) => encodeURIComponent(item));
    const written = joined.includes(name) && items.length > 0 ? [items.join(',')] : items;
    return written.map((text) => `${encodeURIComponent(name)}=${text}`);
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function itemsOf(value: Plain | readonly Plain[] | undefined): readonly Plain[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [value];
}
