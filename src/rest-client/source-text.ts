/**
 * Text from a document that is not trusted, as TypeScript: nothing that it holds is code, and what
 * cannot be seen (control characters, changes of direction) is written as escapes.
 */

const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A literal of a text. */
export function literal(text: string): string {
  const quoted = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${quoted.replace(unseen, escaped)}'`;
}

/** By UTF-16 units, as JSON has it: half of a pair is possible too. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

/** The key of a property. */
export function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : literal(key);
}

/** A datum of JSON. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const pairs = entries.map(([key, item]) => `${keyText(key)}: ${valueText(item)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

const longestComment = 120;

/** Words for within a comment: on one line, without what would end it or what tools obey. */
export function commentText(text: string): string {
  const words = text
    .replace(unseen, ' ')
    .replace(/[@*\\`]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length > longestComment ? `${words.slice(0, longestComment).trimEnd()}…` : words;
}

/** Stands above what is made from a document: it is laid out for the generator, not for the formatter. */
export const generatedHeader = `// biome-ignore-all format: made from openapi.json
// biome-ignore-all lint: made from openapi.json
`;
