import type { Api } from '../../templates/add-client/development/openapi/document.ts';
import {
  type Definitions,
  nameIn,
  type Schema,
} from '../../templates/add-client/development/openapi/schema.ts';

/** The schemas of both directions under one roof, each name for one of them. */
export interface SharedDefinitions {
  /** What is sent; where that differs from what is received under the same name, as `…Sent`. */
  readonly sent: Definitions;
  readonly received: Definitions;
  /** Makes the references of a schema of a request those of `sent`. */
  readonly asSent: (schema: Schema) => Schema;
}

/** @param free gives a name that nothing else has. */
export function sharedDefinitions(
  { sent, received }: Api,
  free: (name: string) => string,
): SharedDefinitions {
  const differing = Object.keys(sent).filter(
    (name) =>
      Object.hasOwn(received, name) && closureText(name, sent) !== closureText(name, received),
  );
  const renamed = new Map(differing.map((name) => [name, free(`${name}Sent`)]));
  const asSent = (schema: Schema): Schema =>
    withReferences(schema, (name) => renamed.get(name) ?? name);
  const entries = Object.entries(sent).map(([name, schema]): [string, Schema] => [
    renamed.get(name) ?? name,
    asSent(schema),
  ]);
  return { sent: Object.fromEntries(entries), received, asSent };
}

/** The names that a schema refers to, in the order in which it does. */
export function referencesIn(schema: Schema): readonly string[] {
  const { $ref, anyOf = [], properties = {}, items, additionalProperties: rest } = schema;
  const parts = [...anyOf, ...Object.values(properties), ...(items ? [items] : [])];
  if (typeof rest === 'object') parts.push(rest);
  return [...($ref === undefined ? [] : [nameIn($ref)]), ...parts.flatMap(referencesIn)];
}

/** Every name that is reached from some schemas. */
export function reachedFrom(
  schemas: readonly Schema[],
  definitions: Definitions,
): readonly string[] {
  const reached = new Set<string>();
  const pending = schemas.flatMap(referencesIn);
  while (pending.length > 0) {
    const name = pending.pop() ?? '';
    if (reached.has(name)) continue;
    reached.add(name);
    pending.push(...referencesIn(definitions[name] ?? {}));
  }
  return [...reached].sort();
}

function closureText(name: string, definitions: Definitions): string {
  const names = reachedFrom([{ $ref: `#/$defs/${name}` }], definitions);
  return JSON.stringify(names.map((each) => [each, definitions[each]]));
}

function withReferences(schema: Schema, rename: (name: string) => string): Schema {
  const { $ref, anyOf, properties, items, additionalProperties: rest } = schema;
  const inside = (each: Schema): Schema => withReferences(each, rename);
  return {
    ...schema,
    ...($ref === undefined ? {} : { $ref: `#/$defs/${rename(nameIn($ref))}` }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(inside) }),
    ...(items === undefined ? {} : { items: inside(items) }),
    ...(typeof rest === 'object' ? { additionalProperties: inside(rest) } : {}),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, property]) => [key, inside(property)]),
          ),
        }),
  };
}
