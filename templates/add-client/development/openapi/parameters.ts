import type { Parameter } from './document.ts';
import type { Reading } from './operation.ts';
import { dereferenced } from './pointer.ts';
import { type Definitions, InexpressibleError, listOf, resolved, type Schema } from './schema.ts';
import { isInherited } from './typed-schema.ts';

const headerName = /^[\w!#$%&'*+.^`|~-]{1,100}$/;

/** Headers that are the client's own business, or that of the connection. */
const ownHeaders = new Set([
  ...['accept', 'authorization', 'content-type', 'content-length', 'connection', 'cookie'],
  ...['expect', 'host', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'upgrade'],
  ...['transfer-encoding', 'traceparent', 'tracestate', 'baggage', 'x-request-timeout-ms'],
]);

/** The parameters of an operation, and the names of optional ones that have no form here. */
export interface Parameters {
  readonly parameters: readonly Parameter[];
  readonly without: readonly string[];
}

/**
 * Reads the parameters of an operation, those of its whole path included.
 *
 * @throws InexpressibleError when one that it needs has no form here.
 */
export function readParameters(
  reading: Reading,
  path: string,
  item: Readonly<Record<string, unknown>>,
  operation: Readonly<Record<string, unknown>>,
): Parameters {
  const declared = [...listOf(item.parameters), ...listOf(operation.parameters)];
  const raws = declared.map((raw) => dereferenced(reading.document, raw));
  // An operation's own parameter replaces that of the path.
  const last = new Map(raws.map((raw) => [`${raw.in} ${nameOf(raw)}`, raw]));
  const parameters: Parameter[] = [];
  const without: string[] = [];
  for (const raw of last.values()) {
    try {
      const parameter = readParameter(reading, raw);
      if (parameter !== undefined) parameters.push(parameter);
    } catch (error) {
      if (!(error instanceof InexpressibleError) || isNeeded(raw)) throw error;
      without.push(nameOf(raw));
    }
  }
  refuseUnknown(path, parameters);
  return { parameters, without };
}

function isNeeded(raw: Readonly<Record<string, unknown>>): boolean {
  return raw.required === true || raw.in === 'path';
}

/** Names of headers are the same in capitals. */
function nameOf(raw: Readonly<Record<string, unknown>>): string {
  const name = String(raw.name);
  return raw.in === 'header' ? name.toLowerCase() : name;
}

function readParameter(
  { sent }: Reading,
  raw: Readonly<Record<string, unknown>>,
): Parameter | undefined {
  const name = nameOf(raw);
  const refuse = (why: string): InexpressibleError =>
    new InexpressibleError(`its parameter ${JSON.stringify(name.slice(0, 100))} ${why}`);
  if (typeof raw.name !== 'string' || name === '' || name.length > 100 || isInherited(name))
    throw refuse('has a name that cannot be used');
  if (raw.in === 'header' && ownHeaders.has(name)) return undefined;
  if (raw.in === 'header' && !headerName.test(name)) throw refuse('is the name of no header');
  if (raw.in !== 'path' && raw.in !== 'query' && raw.in !== 'header')
    throw refuse(`is in the ${raw.in === 'cookie' ? 'cookie' : 'unknown'}`);
  if (raw.content !== undefined) throw refuse('is a document of its own');
  const isUsual = raw.style === undefined || raw.style === (raw.in === 'query' ? 'form' : 'simple');
  if (!isUsual) throw refuse('is written in an uncommon style');
  const schema = sent.read(raw.schema);
  if (!isWritable(schema, sent.definitions, raw.in === 'query')) throw refuse('is no plain value');
  return {
    in: raw.in,
    name,
    required: isNeeded(raw),
    schema,
    joined: raw.in === 'query' && raw.explode === false,
  };
}

/** Whether all that a schema allows can be written as a text, or in a query as several. */
function isWritable(schema: Schema, definitions: Definitions, listsToo: boolean): boolean {
  const { anyOf, enum: values, type, items } = resolved(schema, definitions);
  if (anyOf !== undefined) return anyOf.every((each) => isWritable(each, definitions, listsToo));
  if (values !== undefined) return !values.includes(null);
  if (type === 'array') return listsToo && isWritable(items ?? {}, definitions, false);
  return type === 'string' || type === 'number' || type === 'integer' || type === 'boolean';
}

/** @throws InexpressibleError unless the parameters in the path are those that are declared for it. */
function refuseUnknown(path: string, parameters: readonly Parameter[]): void {
  const inPath = [...path.matchAll(/\{([^{}/]+)\}/g)].map(([, name]) => name);
  const declared = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
  if (inPath.some((name) => !declared.includes(String(name))))
    throw new InexpressibleError('its path has a parameter that is not declared');
  if (declared.some((name) => !inPath.includes(name)))
    throw new InexpressibleError('it declares a parameter that its path has not');
  if (new Set(inPath).size < inPath.length)
    throw new InexpressibleError('its path has a parameter twice');
}
