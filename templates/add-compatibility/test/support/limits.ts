import type { z } from 'zod';

type Schema = z.core.JSONSchema.JSONSchema;

/** The limits of `needed` that what `sent` allows may overstep, each as `minLength 3`. */
export function limitsBroken(needed: Schema, sent: Schema): string[] {
  return [
    ...brokenBounds(needed, sent),
    ...(needed.format === undefined || needed.format === sent.format
      ? brokenPatterns(needed, sent)
      : [`format ${needed.format}`]),
    ...(needed.multipleOf === undefined || needed.multipleOf === sent.multipleOf
      ? []
      : [`multipleOf ${needed.multipleOf}`]),
  ];
}

function brokenBounds(needed: Schema, sent: Schema): string[] {
  const bound = (name: string, wanted: unknown, keeps: (limit: number) => boolean): string[] =>
    typeof wanted !== 'number' || keeps(wanted) ? [] : [`${name} ${wanted}`];
  const { minLength = 0, maxLength = Infinity, minItems = 0, maxItems = Infinity } = sent;
  const { minimum = -Infinity, maximum = Infinity } = sent;
  const above = typeof sent.exclusiveMinimum === 'number' ? sent.exclusiveMinimum : -Infinity;
  const below = typeof sent.exclusiveMaximum === 'number' ? sent.exclusiveMaximum : Infinity;
  return [
    ...bound('minLength', needed.minLength, (limit) => minLength >= limit),
    ...bound('maxLength', needed.maxLength, (limit) => maxLength <= limit),
    ...bound('minItems', needed.minItems, (limit) => minItems >= limit),
    ...bound('maxItems', needed.maxItems, (limit) => maxItems <= limit),
    ...bound('minimum', needed.minimum, (limit) => Math.max(minimum, above) >= limit),
    ...bound('maximum', needed.maximum, (limit) => Math.min(maximum, below) <= limit),
    ...bound(
      'exclusiveMinimum',
      needed.exclusiveMinimum,
      (limit) => above >= limit || minimum > limit,
    ),
    ...bound(
      'exclusiveMaximum',
      needed.exclusiveMaximum,
      (limit) => below <= limit || maximum < limit,
    ),
  ];
}

/** Formats that are nothing but their pattern; the pattern of any other differs between versions of zod. */
const formatsByPattern = [undefined, 'regex', 'starts_with', 'ends_with', 'includes'];

function brokenPatterns(needed: Schema, sent: Schema): string[] {
  if (!formatsByPattern.includes(needed.format)) return [];
  const kept = patternsOf(sent);
  return patternsOf(needed)
    .filter((pattern) => !kept.includes(pattern))
    .map((pattern) => `pattern ${pattern}`);
}

function patternsOf({ pattern, allOf = [] }: Schema): string[] {
  return [pattern ?? [], ...allOf.map(patternsOf)].flat();
}
