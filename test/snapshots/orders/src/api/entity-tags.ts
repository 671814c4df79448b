import { HttpError } from '../http/problem.ts';

/** One tag of `If-Match` or `If-None-Match` (RFC 9110, 8.8.3); its value is with the quotes. */
interface EntityTag {
  readonly weak: boolean;
  readonly value: string;
}

/** `*` stands for whatever there is now. */
type EntityTags = '*' | readonly EntityTag[];

const tag = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/;
const list = new RegExp(`^[ \\t,]*${tag.source}([ \\t]*,[ \\t,]*${tag.source})*[ \\t,]*$`);

/** The strong entity tag of a version: equal tags mean equal representations, byte for byte. */
export function entityTagOf(version: number): string {
  return `"${version}"`;
}

/**
 * Whether `If-Match` names the current tag. The comparison is strong: a weak tag never matches.
 *
 * @throws HttpError 400 for a header that is no list of entity tags.
 */
export function ifMatchHolds(header: string, current: string): boolean {
  const tags = parse('If-Match', header);
  return tags === '*' || tags.some(({ weak, value }) => !weak && value === current);
}

/**
 * Whether `If-None-Match` does not name the current tag. The comparison is weak.
 *
 * @throws HttpError 400 for a header that is no list of entity tags.
 */
export function ifNoneMatchHolds(header: string, current: string): boolean {
  const tags = parse('If-None-Match', header);
  return tags !== '*' && tags.every(({ value }) => value !== current);
}

function parse(name: string, header: string): EntityTags {
  if (header.trim() === '*') return '*';
  if (!list.test(header)) throw new HttpError(400, `${name} must be * or a list of entity tags.`);
  return [...header.matchAll(new RegExp(tag, 'g'))].map(([, weak, value = '']) => ({
    weak: weak !== undefined,
    value,
  }));
}
