import { nameIn, type Schema } from '../../templates/add-client/development/openapi/schema.ts';
import { keyText, valueText } from './source-text.ts';
import { propertiesOf } from './type-text.ts';

/** How a reference to another schema is written. */
export type ReferenceText = (name: string) => string;

/**
 * A schema as zod. What is not listed is let through. Not checked are patterns, as one from elsewhere
 * can be made to run for hours; how long a text may be, as zod counts differently; and formats that
 * JSON Schema takes for remarks, but for those of ids and times.
 */
export function schemaText(schema: Schema, referred: ReferenceText, margin = ''): string {
  const { $ref, anyOf, enum: values, type } = schema;
  if ($ref !== undefined) return referred(nameIn($ref));
  if (anyOf !== undefined) return alternativesText(anyOf, referred, margin);
  if (values !== undefined) return `z.literal(${valueText(values)})`;
  switch (type) {
    case 'object':
      return objectText(schema, referred, margin);
    case 'array':
      return `z.array(${schemaText(schema.items ?? {}, referred, margin)})${countsText(schema)}`;
    case 'string':
      return stringText(schema);
    case 'integer':
      return `z.int()${boundsText(schema)}`;
    case 'number':
      return `z.number()${boundsText(schema)}`;
    case 'boolean':
      return 'z.boolean()';
    case 'null':
      return 'z.null()';
    default:
      return 'z.unknown()';
  }
}

function alternativesText(
  anyOf: readonly Schema[],
  referred: ReferenceText,
  margin: string,
): string {
  const others = anyOf.filter(({ type }) => type !== 'null');
  const texts = [...new Set(others.map((each) => schemaText(each, referred, margin)))];
  const [first = 'z.null()', ...more] = texts;
  const text = more.length === 0 ? first : `z.union([${texts.join(', ')}])`;
  return others.length < anyOf.length && texts.length > 0 ? `z.nullable(${text})` : text;
}

function objectText(schema: Schema, referred: ReferenceText, margin: string): string {
  const inner = `${margin}  `;
  const rest = schema.additionalProperties;
  const other = typeof rest === 'object' ? schemaText(rest, referred, inner) : undefined;
  const lines = propertiesOf(schema).map(({ key, schema: property, isRequired }) => {
    const text = schemaText(property, referred, inner);
    return `${inner}${keyText(key)}: ${isRequired ? text : `z.optional(${text})`},\n`;
  });
  if (lines.length === 0 && other !== undefined) return `z.record(z.string(), ${other})`;
  const object = `z.looseObject({${lines.length === 0 ? '' : `\n${lines.join('')}${margin}`}})`;
  return other === undefined ? object : `${object}.catchall(${other})`;
}

function stringText({ format, minLength = 0 }: Schema): string {
  const least = minLength > 0 ? `.min(${minLength})` : '';
  switch (format) {
    case 'uuid':
      return 'z.guid()';
    case 'date-time':
      return 'z.iso.datetime({ offset: true })';
    case 'date':
      return 'z.iso.date()';
    default:
      return `z.string()${least}`;
  }
}

function countsText({ minItems = 0, maxItems }: Schema): string {
  const least = minItems > 0 ? `.min(${minItems})` : '';
  return maxItems === undefined ? least : `${least}.max(${maxItems})`;
}

function boundsText(schema: Schema): string {
  const bounds = [
    ['gte', schema.minimum],
    ['lte', schema.maximum],
    ['gt', schema.exclusiveMinimum],
    ['lt', schema.exclusiveMaximum],
  ] as const;
  return bounds
    .filter(([, limit]) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER)
    .map(([name, limit]) => `.${name}(${limit})`)
    .join('');
}
