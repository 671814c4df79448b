import { type Definitions, resolved, type Schema } from './schema.ts';

/** Beyond this, what may be left out is left out, and lists stay empty. */
const deepest = 12;

/**
 * A small datum that fits a schema; patterns are beyond it.
 *
 * @returns `undefined` when every datum that fits is without an end.
 */
export function exampleOf(schema: Schema, definitions: Definitions, depth = 0): unknown {
  if (depth > deepest) return undefined;
  const found = resolved(schema, definitions);
  if (found.anyOf !== undefined) return firstOf(found.anyOf, definitions, depth);
  if (found.enum !== undefined) return found.enum[0];
  switch (found.type) {
    case 'object':
      return exampleObject(found, definitions, depth);
    case 'array':
      return exampleList(found, definitions, depth);
    case 'string':
      return exampleText(found);
    case 'integer':
    case 'number':
      return exampleNumber(found);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function firstOf(options: readonly Schema[], definitions: Definitions, depth: number): unknown {
  for (const option of options) {
    const example = exampleOf(option, definitions, depth + 1);
    if (example !== undefined) return example;
  }
  return undefined;
}

function exampleObject(
  { properties = {}, required = [], additionalProperties }: Schema,
  definitions: Definitions,
  depth: number,
): object | undefined {
  const rest = typeof additionalProperties === 'object' ? additionalProperties : {};
  const entries = required.map((key): [string, unknown] => {
    const property = Object.hasOwn(properties, key) ? properties[key] : rest;
    return [key, exampleOf(property ?? {}, definitions, depth + 1)];
  });
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

function exampleList(
  { items = {}, minItems = 0 }: Schema,
  definitions: Definitions,
  depth: number,
): unknown[] | undefined {
  // A list of many is nobody's example; a schema that insists has none.
  if (minItems === 0) return [];
  const item = exampleOf(items, definitions, depth + 1);
  return item === undefined || minItems > 100 ? undefined : Array(minItems).fill(item);
}

const texts: Readonly<Record<string, string>> = {
  uuid: '018f0000-0000-7000-8000-000000000000',
  email: 'somebody@example.com',
  uri: 'https://example.com',
  date: '2030-01-31',
  'date-time': '2030-01-31T12:00:00Z',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
};

function exampleText({ format = '', minLength = 0, maxLength = 1000 }: Schema): string | undefined {
  const known = Object.hasOwn(texts, format) ? texts[format] : undefined;
  if (known !== undefined) return known;
  const length = Math.max(minLength, Math.min(7, maxLength));
  return length > 1000 ? undefined : 'example'.repeat(Math.ceil(length / 7)).slice(0, length);
}

function exampleNumber(schema: Schema): number | undefined {
  const { minimum = -Infinity, maximum = Infinity, multipleOf: step = 1 } = schema;
  const { exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema;
  const above = exclusiveMinimum >= minimum ? exclusiveMinimum + step : minimum;
  const below = exclusiveMaximum <= maximum ? exclusiveMaximum - step : maximum;
  const least = Math.ceil(above / step) * step;
  const value = Math.min(Math.max(step, least), below);
  if (value >= above && value <= below) return value;
  return schema.type === 'number' && below > above ? (below + above) / 2 : undefined;
}
