import type { Schema } from './schema.ts';

type Limit = Exclude<
  keyof Schema,
  '$ref' | 'type' | 'anyOf' | 'enum' | 'properties' | 'required' | 'additionalProperties' | 'items'
>;

const counts = ['minLength', 'maxLength', 'minItems', 'maxItems'];
const texts = ['format', 'pattern'];
const plain: readonly Limit[] = [
  ...(['format', 'pattern', 'minLength', 'maxLength', 'multipleOf'] as const),
  ...(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const),
];

/** What limits a text, a number or a list; a limit that is none is let go. */
export function limitsOf(
  raw: Readonly<Record<string, unknown>>,
  names: readonly Limit[] = plain,
): Schema {
  const numeric = withNumericBounds(raw);
  const kept = names.filter((name) => isLimit(name, numeric[name]));
  return Object.fromEntries(kept.map((name) => [name, numeric[name]]));
}

function isLimit(name: Limit, value: unknown): boolean {
  if (texts.includes(name)) return typeof value === 'string';
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (name === 'multipleOf') return value > 0;
  return !counts.includes(name) || (Number.isInteger(value) && value >= 0);
}

/** OpenAPI 3.0 says of a bound whether it is exclusive; later versions have bounds of both kinds. */
function withNumericBounds(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...rest } = raw;
  return {
    ...rest,
    ...(exclusiveMinimum === true ? { exclusiveMinimum: minimum } : { minimum, exclusiveMinimum }),
    ...(exclusiveMaximum === true ? { exclusiveMaximum: maximum } : { maximum, exclusiveMaximum }),
  };
}
