import { merged } from './merge.ts';
import { limitsOf } from './limits.ts';
import { targetOf } from './pointer.ts';
import {
  type Definitions,
  InexpressibleError,
  isRecord,
  listOf,
  nameIn,
  recordOf,
  type Scalar,
  type Schema,
  textsOf,
} from './schema.ts';

/** Which way the data of a schema goes: what is read-only is not sent, what is write-only not received. */
export type Direction = 'sent' | 'received';

const deepest = 60;
const largest = 20_000;

/** Keywords by which a schema could mean something else than its other keywords say. */
const beyond = ['$dynamicRef', '$recursiveRef', '$anchor', '$dynamicAnchor', '$id', 'id$'];

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

/**
 * Reads the schemas of a document that go in one direction. Whatever narrows a schema further than a
 * type can say (`not`, `if`, `patternProperties`, …) is let go: what is read allows at least as much.
 */
export class SchemaReader {
  readonly #document: unknown;
  readonly #direction: Direction;
  readonly #nameOf: (reference: string) => string;
  #definitions: Definitions = {};
  /** Names of definitions that are being read. */
  #pending = new Set<string>();
  /** References that are being taken apart, to be merged. */
  #open: readonly string[] = [];
  #read = 0;

  /** @param nameOf gives each reference a name of its own, always the same. */
  constructor(document: unknown, direction: Direction, nameOf: (reference: string) => string) {
    this.#document = document;
    this.#direction = direction;
    this.#nameOf = nameOf;
  }

  get definitions(): Definitions {
    return this.#definitions;
  }

  /**
   * Reads a schema and all that it refers to.
   *
   * @throws InexpressibleError when it has no form here; then nothing of it is kept.
   */
  read(raw: unknown): Schema {
    const before = this.#definitions;
    this.#definitions = { ...before };
    this.#pending = new Set();
    this.#open = [];
    this.#read = 0;
    try {
      const schema = this.#schema(raw, 0);
      refuseEndless(this.#definitions);
      return schema;
    } catch (error) {
      this.#definitions = before;
      throw error;
    }
  }

  #schema(raw: unknown, depth: number): Schema {
    this.#read += 1;
    if (depth > deepest) throw new InexpressibleError('its schema is nested too deeply');
    if (this.#read > largest) throw new InexpressibleError('its schema is too large');
    if (raw === true || raw === undefined) return {};
    if (!isRecord(raw)) throw new InexpressibleError('its schema allows nothing, or is none');
    if (beyond.some((key) => Object.hasOwn(raw, key)))
      throw new InexpressibleError('its schema has an address of its own');
    if (typeof raw.$ref === 'string') return this.#referred(raw.$ref, raw, depth);
    return this.#alternativesOf(raw, depth);
  }

  /** What stands beside a reference counts too; what only describes does not. */
  #referred(reference: string, { $ref: _, ...beside }: Record<string, unknown>, depth: number) {
    const narrows = ['type', 'properties', 'required', 'allOf', 'anyOf', 'oneOf', 'enum', 'const'];
    if (narrows.some((key) => Object.hasOwn(beside, key)))
      return this.#merged([{ $ref: reference }, beside], depth);
    const name = this.#nameOf(reference);
    if (!Object.hasOwn(this.#definitions, name)) {
      this.#pending.add(name);
      this.#definitions[name] = {};
      this.#definitions[name] = this.#schema(targetOf(this.#document, reference), depth + 1);
      this.#pending.delete(name);
    }
    return orNull({ $ref: `#/$defs/${name}` }, beside.nullable === true);
  }

  #alternativesOf(raw: Record<string, unknown>, depth: number): Schema {
    const { allOf, anyOf, oneOf, nullable, ...own } = raw;
    if (allOf !== undefined) {
      const rest = {
        ...own,
        ...(anyOf === undefined ? {} : { anyOf }),
        ...(oneOf === undefined ? {} : { oneOf }),
      };
      return orNull(this.#merged([...listOf(allOf), rest], depth), nullable === true);
    }
    const options = listOf(anyOf ?? oneOf);
    if (options.length === 0) return orNull(this.#typed(own, depth), nullable === true);
    const alternatives = options.map((option) => this.#schema(option, depth + 1));
    const base = this.#typed(own, depth);
    const all = Object.keys(base).length === 0 ? alternatives : this.#each(alternatives, base);
    return orNull({ anyOf: all }, nullable === true);
  }

  #each(alternatives: readonly Schema[], base: Schema): Schema[] {
    return alternatives.map((each) => merged(this.#opened(each), base));
  }

  /** All of several schemas at once, as one. */
  #merged(parts: readonly unknown[], depth: number): Schema {
    return parts
      .map((part) => this.#opened(this.#inlined(part, depth)))
      .reduce((one, other) => merged(one, other), {});
  }

  /** A schema whose outermost reference is followed, for being merged with others. */
  #inlined(part: unknown, depth: number): Schema {
    const reference = recordOf(part).$ref;
    if (typeof reference !== 'string') return this.#schema(part, depth + 1);
    if (this.#open.includes(reference))
      throw new InexpressibleError('its schema contains all of itself');
    const before = this.#open;
    this.#open = [...before, reference];
    const { $ref: _, ...beside } = recordOf(part);
    const target = this.#inlined(targetOf(this.#document, reference), depth + 1);
    const result = merged(this.#opened(target), this.#opened(this.#schema(beside, depth + 1)));
    this.#open = before;
    return result;
  }

  #opened(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const name = nameIn(schema.$ref);
    if (this.#pending.has(name)) throw new InexpressibleError('its schema contains all of itself');
    return this.#opened(this.#definitions[name] ?? {});
  }

  /** A schema with one type, or one for each of several. */
  #typed(raw: Record<string, unknown>, depth: number): Schema {
    const values = valuesOf(raw);
    const named = types.filter((type) => type === raw.type || listOf(raw.type).includes(type));
    const found = named.length > 0 ? named : [impliedType(raw)];
    const schemas = found.map((type) => this.#ofType(type, raw, values, depth));
    const possible = schemas.filter(
      (schema) => schema.enum === undefined || schema.enum.length > 0,
    );
    const [first, second] = possible;
    if (first === undefined) throw new InexpressibleError('its schema allows nothing');
    return second === undefined ? first : { anyOf: possible };
  }

  #ofType(
    type: Schema['type'],
    raw: Record<string, unknown>,
    values: Scalar[] | undefined,
    depth: number,
  ): Schema {
    if (values !== undefined) {
      const fitting = values.filter((value) => type === undefined || isOfType(value, type));
      return { ...(type === undefined ? {} : { type }), enum: fitting };
    }
    if (type === 'object') return this.#object(raw, depth);
    if (type === 'array') {
      // A tuple is a list of anything here.
      const items = Array.isArray(raw.prefixItems) ? {} : this.#schema(raw.items, depth + 1);
      return { type, items, ...limitsOf(raw, ['minItems', 'maxItems']) };
    }
    return type === undefined ? {} : { type, ...limitsOf(raw) };
  }

  #object(raw: Record<string, unknown>, depth: number): Schema {
    const hidden = this.#direction === 'sent' ? 'readOnly' : 'writeOnly';
    const shown = Object.entries(recordOf(raw.properties)).filter(
      ([, property]) => recordOf(property)[hidden] !== true,
    );
    const known = Object.keys(recordOf(raw.properties));
    const required = textsOf(raw.required).filter(
      (key) => !known.includes(key) || shown.some(([name]) => name === key),
    );
    if ([...known, ...required].includes('__proto__'))
      throw new InexpressibleError('its schema has a property __proto__');
    const properties = shown.map(([key, property]) => [key, this.#schema(property, depth + 1)]);
    const rest = raw.additionalProperties;
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
      ...(typeof rest === 'boolean' ? { additionalProperties: rest } : {}),
      ...(isRecord(rest) ? { additionalProperties: this.#schema(rest, depth + 1) } : {}),
    };
  }
}

/** @throws InexpressibleError for what is itself before it is anything else: `A = A or text`. */
function refuseEndless(definitions: Definitions): void {
  const done = new Set<string>();
  const visit = (name: string, open: readonly string[]): void => {
    if (open.includes(name)) throw new InexpressibleError('its schema is one of itself');
    if (done.has(name)) return;
    for (const next of aliasesIn(definitions[name] ?? {})) visit(next, [...open, name]);
    done.add(name);
  };
  for (const name of Object.keys(definitions)) visit(name, []);
}

/** The type that a schema means when it does not say. */
function impliedType(raw: Record<string, unknown>): 'object' | 'array' | undefined {
  if (isRecord(raw.properties) || isRecord(raw.additionalProperties)) return 'object';
  return isRecord(raw.items) ? 'array' : undefined;
}

function aliasesIn({ $ref, anyOf = [] }: Schema): readonly string[] {
  return $ref === undefined ? anyOf.flatMap(aliasesIn) : [nameIn($ref)];
}

function orNull(schema: Schema, isNullable: boolean): Schema {
  if (!isNullable || schema.enum?.includes(null)) return schema;
  return { anyOf: [...(schema.anyOf ?? [schema]), { type: 'null' }] };
}

/** The only values that are allowed, when a schema lists them. */
function valuesOf(raw: Record<string, unknown>): Scalar[] | undefined {
  const listed = Object.hasOwn(raw, 'const') ? [raw.const] : raw.enum;
  if (!Array.isArray(listed)) return undefined;
  const plain = listed.filter((value): value is Scalar => !isNested(value));
  if (plain.length < listed.length)
    throw new InexpressibleError('its schema lists values that are objects or lists');
  return [...new Set(plain)];
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isOfType(value: Scalar, type: Schema['type']): boolean {
  if (value === null) return type === 'null';
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
