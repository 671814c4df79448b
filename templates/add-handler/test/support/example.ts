import { z } from 'zod';

type Schema = z.core.JSONSchema.JSONSchema;

/**
 * Returns small data that fits a schema, for tests in which any valid data will do. It cannot satisfy
 * patterns and refinements: for such a schema write the data in the test, or give the schema an example
 * with `.meta({ examples: [...] })`.
 *
 * @throws Error that names what does not fit.
 */
export function exampleOf<Data>(schema: z.ZodType<Data>): Data {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const { data, error } = schema.safeParse(example(root, root));
  if (error === undefined) return data;
  throw new Error(`no example could be made; write the data out\n${z.prettifyError(error)}`);
}

function example(schema: Schema, root: Schema): unknown {
  const [given] = schema.examples ?? schema.enum ?? [schema.const ?? schema.default];
  if (given !== undefined) return given;
  if (schema.$ref !== undefined) return example(referredTo(schema.$ref, root), root);
  const [alternative] = schema.anyOf ?? schema.oneOf ?? [];
  if (alternative !== undefined) return example(alternative, root);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return exampleObject(schema, root);
    case 'array':
      return exampleList(schema, root);
    case 'string':
      return exampleText(schema);
    case 'integer':
    case 'number':
      return exampleNumber(schema);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function exampleObject({ properties = {}, required = [] }: Schema, root: Schema): object {
  const entries = required.map((key) => [key, exampleWhere(properties[key], root)]);
  return Object.fromEntries(entries);
}

function exampleList({ items, prefixItems, minItems = 0 }: Schema, root: Schema): unknown[] {
  if (prefixItems !== undefined) return prefixItems.map((item) => exampleWhere(item, root));
  const item = Array.isArray(items) ? items[0] : items;
  return Array.from({ length: minItems }, () => exampleWhere(item, root));
}

function exampleWhere(schema: Schema | boolean | undefined, root: Schema): unknown {
  return typeof schema === 'object' ? example(schema, root) : null;
}

const texts: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  email: 'somebody@example.com',
  uri: 'https://example.com',
  date: '2030-01-31',
  'date-time': '2030-01-31T12:00:00Z',
  time: '12:00:00',
  duration: 'P1D',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  base64: 'YWJj',
};

function exampleText({ format = '', minLength = 1 }: Schema): string {
  return texts[format] ?? 'x'.repeat(minLength);
}

function exampleNumber(schema: Schema): number {
  const { minimum = -Infinity, maximum = Infinity, multipleOf: step = 1 } = schema;
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  const least = Math.max(minimum, typeof above === 'number' ? above + step : -Infinity);
  const most = Math.min(maximum, typeof below === 'number' ? below - step : Infinity);
  return Math.min(Math.max(step, Math.ceil(least / step) * step), most);
}

/** `#/$defs/address` and its like. */
function referredTo(reference: string, root: Schema): Schema {
  const name = reference.split('/').at(-1) ?? '';
  return root.$defs?.[name] ?? root;
}
