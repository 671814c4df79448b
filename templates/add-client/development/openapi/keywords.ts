import { isRecord, type Schema } from './schema.ts';

/** Keywords by which a schema could mean something else than its other keywords say. */
export const beyond = ['$dynamicRef', '$recursiveRef', '$anchor', '$dynamicAnchor', '$id', 'id$'];

/** Keywords that say what a datum is; without them a schema only describes. */
const narrowing = [
  ...['$ref', 'type', 'enum', 'const', 'allOf', 'anyOf', 'oneOf'],
  ...['properties', 'required', 'additionalProperties', 'items', 'prefixItems'],
];

/** Whether a schema says what a datum is. */
export function narrows(raw: unknown): boolean {
  return !isRecord(raw) ? raw !== true : narrowing.some((key) => Object.hasOwn(raw, key));
}

/** A schema that also allows null. */
export function orNull(schema: Schema, isNullable: boolean): Schema {
  if (!isNullable || schema.enum?.includes(null)) return schema;
  return { anyOf: [...(schema.anyOf ?? [schema]), { type: 'null' }] };
}

/** Whether it adds nothing to alternatives that it stands beside: at most that they are objects. */
export function saysNothing({ properties = {}, required = [], ...rest }: Schema): boolean {
  const others = Object.keys(rest).filter((key) => key !== 'type');
  const isAnyObject = Object.keys(properties).length + required.length + others.length === 0;
  return isAnyObject && (rest.type === undefined || rest.type === 'object');
}
