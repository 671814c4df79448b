/** A value that JSON writes without brackets. */
export type Scalar = string | number | boolean | null;

/**
 * What a datum may be: JSON Schema brought into one form, whatever version of OpenAPI it was written
 * in. An alternative is always `anyOf`, a type always one; nothing that is left out here can be
 * expressed.
 */
export interface Schema {
  /** `#/$defs/Name`. */
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly anyOf?: Schema[];
  readonly enum?: Scalar[];
  readonly properties?: Record<string, Schema>;
  readonly required?: string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

/** Schemas by the names that others refer to them by. */
export type Definitions = Record<string, Schema>;

/** Something that a document says and that has no form here. */
export class InexpressibleError extends Error {
  override readonly name = 'InexpressibleError';
}

/** The name in a reference. */
export function nameIn(reference: string): string {
  return reference.slice('#/$defs/'.length);
}

/** What a schema is when references are followed; `{}` for one that leads nowhere. */
export function resolved(schema: Schema, definitions: Definitions): Schema {
  const seen = new Set<string>();
  let found = schema;
  while (found.$ref !== undefined && !seen.has(found.$ref)) {
    seen.add(found.$ref);
    found = definitions[nameIn(found.$ref)] ?? {};
  }
  return found;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object from what may be one. */
export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** A list from what may be one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}
