import { beyond, narrows, orNull, saysNothing } from './keywords.ts';
import { merged } from './merge.ts';
import { refuseEndless } from './endless.ts';
import { targetOf } from './pointer.ts';
import {
  type Definitions,
  InexpressibleError,
  isRecord,
  listOf,
  nameIn,
  recordOf,
  type Schema,
} from './schema.ts';
import { typedSchema } from './typed-schema.ts';

/** Which way the data of a schema goes: what is read-only is not sent, what is write-only not received. */
export type Direction = 'sent' | 'received';

const deepest = 60;
const largest = 20_000;

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
    if (narrows(beside)) return this.#merged([{ $ref: reference }, beside], depth);
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
    const all = saysNothing(base) ? alternatives : this.#each(alternatives, base);
    return orNull({ anyOf: all }, nullable === true);
  }

  #typed(raw: Record<string, unknown>, depth: number): Schema {
    return typedSchema(raw, this.#direction, (inner) => this.#schema(inner, depth + 1));
  }

  #each(alternatives: readonly Schema[], base: Schema): Schema[] {
    return alternatives.map((each) => merged(this.#opened(each), base));
  }

  /** All of several schemas at once, as one. */
  #merged(parts: readonly unknown[], depth: number): Schema {
    const meant = parts.filter(narrows);
    // One alone needs no taking apart, which leaves it free to refer to itself.
    if (meant.length === 1) return this.#schema(meant[0], depth + 1);
    return meant
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
}
