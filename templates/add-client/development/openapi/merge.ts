import { isDeepStrictEqual } from 'node:util';
import { InexpressibleError, type Schema } from './schema.ts';

const mostAlternatives = 100;

/**
 * One schema that allows what both do.
 *
 * @throws InexpressibleError when that has no form here.
 */
export function merged(one: Schema, other: Schema): Schema {
  if (isDeepStrictEqual(one, other) || isEmpty(other)) return one;
  if (isEmpty(one)) return other;
  if (one.anyOf !== undefined || other.anyOf !== undefined) return mergedAlternatives(one, other);
  if (one.$ref !== undefined || other.$ref !== undefined)
    throw new InexpressibleError('its schema says of one thing that it is two');
  const type = mergedType(one, other);
  if (one.enum !== undefined || other.enum !== undefined) {
    const values = one.enum ?? other.enum ?? [];
    const both = values.filter((value) => (other.enum ?? values).includes(value));
    if (both.length === 0) throw new InexpressibleError('its schema allows nothing');
    return { ...(type === undefined ? {} : { type }), enum: both };
  }
  if (type === 'object') return mergedObjects(one, other);
  const items = one.items && other.items ? merged(one.items, other.items) : undefined;
  return { ...one, ...other, ...(type && { type }), ...(items && { items }) };
}

function isEmpty(schema: Schema): boolean {
  return Object.keys(schema).length === 0;
}

function mergedType(one: Schema, other: Schema): Schema['type'] {
  if (one.type === other.type || other.type === undefined) return one.type;
  if (one.type === undefined) return other.type;
  const isNumber = [one.type, other.type].every((type) => type === 'integer' || type === 'number');
  if (isNumber) return 'integer';
  throw new InexpressibleError(`its schema wants ${one.type} and ${other.type} at once`);
}

/** Alternatives that contradict the other side fall away. */
function mergedAlternatives(one: Schema, other: Schema): Schema {
  const pairs = (one.anyOf ?? [one]).flatMap((a) =>
    (other.anyOf ?? [other]).map((b) => ({ a, b })),
  );
  if (pairs.length > mostAlternatives) throw new InexpressibleError('its schema is too large');
  const anyOf = pairs.flatMap(({ a, b }) => {
    try {
      return merged(a, b);
    } catch {
      return [];
    }
  });
  const [first] = anyOf;
  if (first === undefined) throw new InexpressibleError('its schema allows nothing');
  return anyOf.length === 1 ? first : { anyOf };
}

function mergedObjects(one: Schema, other: Schema): Schema {
  const keys = [...Object.keys(one.properties ?? {}), ...Object.keys(other.properties ?? {})];
  const properties = [...new Set(keys)].map((key) => [
    key,
    merged(ownOf(one.properties, key), ownOf(other.properties, key)),
  ]);
  const required = [...new Set([...(one.required ?? []), ...(other.required ?? [])])];
  const rest = [one, other].flatMap(({ additionalProperties = false }) =>
    additionalProperties === false ? [] : additionalProperties,
  );
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    ...(rest[0] === undefined ? {} : { additionalProperties: rest[0] }),
  };
}

function ownOf(properties: Record<string, Schema> | undefined, key: string): Schema {
  return properties !== undefined && Object.hasOwn(properties, key) ? (properties[key] ?? {}) : {};
}
