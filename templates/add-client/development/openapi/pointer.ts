import { InexpressibleError, isRecord } from './schema.ts';

const longestPointer = 500;

/**
 * What a reference within a document leads to (RFC 6901).
 *
 * @throws InexpressibleError when it leads out of the document, or nowhere.
 */
export function targetOf(document: unknown, reference: string): unknown {
  if (reference.length > longestPointer || !/^#(\/|$)/.test(reference))
    throw new InexpressibleError('it refers to something outside of the document');
  let found = document;
  for (const segment of reference.slice(1).split('/').slice(1)) {
    const key = unescaped(segment);
    const isThere = typeof found === 'object' && found !== null && Object.hasOwn(found, key);
    found = isThere ? Object.getOwnPropertyDescriptor(found, key)?.value : undefined;
  }
  if (found !== undefined) return found;
  throw new InexpressibleError('it refers to something that is not in the document');
}

function unescaped(segment: string): string {
  const text = segment.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * An object, or what its `$ref` leads to. Not for schemas, whose references have names.
 *
 * @throws InexpressibleError for references in a circle, and as `targetOf` does.
 */
export function dereferenced(document: unknown, value: unknown): Record<string, unknown> {
  let found = value;
  for (let steps = 0; steps < 10; steps += 1) {
    if (!isRecord(found)) return {};
    if (typeof found.$ref !== 'string') return found;
    found = targetOf(document, found.$ref);
  }
  throw new InexpressibleError('its references go in a circle');
}
