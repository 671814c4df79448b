/** One tag of `If-Match` or `If-None-Match` (RFC 9110, 8.8.3); its value is with the quotes. */
interface EntityTag {
  readonly weak: boolean;
  readonly value: string;
}

/** `*` stands for whatever there is now. */
type EntityTags = '*' | readonly EntityTag[];

const tag = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/;
const list = `[ \\t,]*${tag.source}([ \\t]*,[ \\t,]*${tag.source})*[ \\t,]*`;

/** What `If-Match` and `If-None-Match` may say. */
export const entityTagsSyntax = new RegExp(`^([ \\t]*\\*[ \\t]*|${list})$`);

/** The strong entity tag of a version: equal tags mean equal representations, byte for byte. */
export function entityTagOf(version: number): string {
  return `"${version}"`;
}

/** Whether `If-Match` names the current tag. The comparison is strong: a weak tag never matches. */
export function ifMatchHolds(header: string, current: string): boolean {
  const tags = parse(header);
  return tags === '*' || tags.some(({ weak, value }) => !weak && value === current);
}

/** Whether `If-None-Match` does not name the current tag. The comparison is weak. */
export function ifNoneMatchHolds(header: string, current: string): boolean {
  const tags = parse(header);
  return tags !== '*' && tags.every(({ value }) => value !== current);
}

/** Of a header that keeps to the syntax. */
function parse(header: string): EntityTags {
  if (header.trim() === '*') return '*';
  return [...header.matchAll(new RegExp(tag, 'g'))].map(([, weak, value = '']) => ({
    weak: weak !== undefined,
    value,
  }));
}
