import { limitsOf } from './limits.ts';
import {
  InexpressibleError,
  isRecord,
  listOf,
  recordOf,
  type Scalar,
  type Schema,
  textsOf,
} from './schema.ts';
import type { Direction } from './schema-reader.ts';

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

/**
 * A schema that has no alternatives but those of its types, in the one form.
 *
 * @param inner reads the schemas in it. @throws InexpressibleError when it has no form here.
 */
export function typedSchema(
  raw: Readonly<Record<string, unknown>>,
  direction: Direction,
  inner: (raw: unknown) => Schema,
): Schema {
  const values = valuesOf(raw);
  const named = types.filter((type) => type === raw.type || listOf(raw.type).includes(type));
  const found = named.length > 0 ? named : [impliedType(raw)];
  const schemas = found.map((type): Schema => {
    if (values !== undefined) return ofValues(type, values);
    if (type === 'object') return objectSchema(raw, direction, inner);
    if (type === 'array') return arraySchema(raw, inner);
    return type === undefined ? {} : { type, ...limitsOf(raw) };
  });
  const possible = schemas.filter((schema) => schema.enum === undefined || schema.enum.length > 0);
  const [first, second] = possible;
  if (first === undefined) throw new InexpressibleError('its schema allows nothing');
  return second === undefined ? first : { anyOf: possible };
}

/** The type that a schema means when it does not say. */
function impliedType(raw: Readonly<Record<string, unknown>>): 'object' | 'array' | undefined {
  if (isRecord(raw.properties) || isRecord(raw.additionalProperties)) return 'object';
  return isRecord(raw.items) ? 'array' : undefined;
}

function ofValues(type: Schema['type'], values: readonly Scalar[]): Schema {
  if (type === undefined) return { enum: [...values] };
  return { type, enum: values.filter((value) => isOfType(value, type)) };
}

/** The only values that are allowed, when a schema lists them. */
function valuesOf(raw: Readonly<Record<string, unknown>>): readonly Scalar[] | undefined {
  const listed = Object.hasOwn(raw, 'const') ? [raw.const] : raw.enum;
  if (!Array.isArray(listed)) return undefined;
  const plain = listed.filter((value): value is Scalar => isScalar(value));
  if (plain.length < listed.length)
    throw new InexpressibleError('its schema lists values that have no form');
  return [...new Set(plain)];
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

function isOfType(value: Scalar, type: Schema['type']): boolean {
  if (value === null) return type === 'null';
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

/** A tuple is a list of anything here. */
function arraySchema(
  raw: Readonly<Record<string, unknown>>,
  inner: (raw: unknown) => Schema,
): Schema {
  const items = Array.isArray(raw.prefixItems) ? {} : inner(raw.items);
  return { type: 'array', items, ...limitsOf(raw, ['minItems', 'maxItems']) };
}

function objectSchema(
  raw: Readonly<Record<string, unknown>>,
  direction: Direction,
  inner: (raw: unknown) => Schema,
): Schema {
  const hidden = direction === 'sent' ? 'readOnly' : 'writeOnly';
  const known = Object.entries(recordOf(raw.properties));
  const out = known.filter(([, property]) => recordOf(property)[hidden] === true);
  const left = out.map(([key]) => key);
  const required = textsOf(raw.required).filter((key) => !left.includes(key));
  const names = [...known.map(([key]) => key), ...required];
  if (names.some(isInherited))
    throw new InexpressibleError('its schema has a property that every object has');
  const shown = known.filter(([key]) => !left.includes(key));
  const properties = shown.map(([key, property]) => [key, inner(property)]);
  const rest = raw.additionalProperties;
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
    ...(typeof rest === 'boolean' ? { additionalProperties: rest } : {}),
    ...(isRecord(rest) ? { additionalProperties: inner(rest) } : {}),
  };
}

/** `constructor`, `__proto__` and their like: an object without them seems to have them. */
export function isInherited(key: string): boolean {
  return key in Object.prototype;
}
