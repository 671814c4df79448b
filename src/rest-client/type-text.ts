import { nameIn, type Schema } from '../../templates/add-client/development/openapi/schema.ts';
import { keyText, valueText } from './source-text.ts';

/** A schema as a type of TypeScript. @param margin stands before the lines that follow the first. */
export function typeText(schema: Schema, margin = ''): string {
  const { $ref, anyOf, enum: values, type } = schema;
  if ($ref !== undefined) return nameIn($ref);
  if (anyOf !== undefined) return unionText(anyOf.map((each) => typeText(each, margin)));
  if (values !== undefined) return unionText(values.map(valueText));
  switch (type) {
    case 'object':
      return objectText(schema, margin);
    case 'array': {
      const items = typeText(schema.items ?? {}, margin);
      return /^[\w$]+$/.test(items) ? `${items}[]` : `(${items})[]`;
    }
    case 'integer':
      return 'number';
    case undefined:
      return 'unknown';
    default:
      return type;
  }
}

function unionText(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  return different.includes('unknown') ? 'unknown' : different.join(' | ');
}

/** The properties of an object, those included that it needs and does not describe. */
export function propertiesOf({ properties = {}, required = [] }: Schema) {
  const undescribed = required.filter((key) => !Object.hasOwn(properties, key));
  return [
    ...Object.entries(properties),
    ...undescribed.map((key): [string, Schema] => [key, {}]),
  ].map(([key, schema]) => ({ key, schema, isRequired: required.includes(key) }));
}

function objectText(schema: Schema, margin: string): string {
  const inner = `${margin}  `;
  const { additionalProperties: rest = false } = schema;
  const lines = propertiesOf(schema).map(({ key, schema: property, isRequired }) => {
    const type = typeText(property, inner);
    return isRequired ? `${keyText(key)}: ${type};` : `${keyText(key)}?: ${type} | undefined;`;
  });
  if (lines.length === 0 && typeof rest === 'object')
    lines.push(`[key: string]: ${typeText(rest, inner)};`);
  else if (lines.length === 0 || rest !== false) lines.push('[key: string]: unknown;');
  return `{\n${lines.map((line) => `${inner}${line}\n`).join('')}${margin}}`;
}
