import { plainText } from 'service-chassis/api';
import { z } from 'zod';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';

const reference = plainText(200).meta({
  description: "The caller's own name for the __aggregate_words__",
});
const status = z.enum(['open', 'closed']);

/** The body of a request that creates __an_aggregate__. */
export const new__Aggregate__Schema = z.object({ reference });

/** The body of a request that updates __an_aggregate__: everything that a caller can change. */
export const __aggregate__ChangesSchema = z.object({
  reference,
  status,
});

/** __An_aggregate__ as the API returns it. */
export const __aggregate__ViewSchema = z
  .object({
    id: z.uuid(),
    reference: z.string(),
    status,
    version: z.number().int().min(1),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: '__Aggregate__' });

export type __Aggregate__View = z.infer<typeof __aggregate__ViewSchema>;

/** A page of __aggregates_words__ as the API returns it. */
export const __aggregate__PageSchema = z
  .object({
    items: z.array(__aggregate__ViewSchema),
    next: z.uuid().nullable().describe('Give it as `after` to get the following page'),
  })
  .meta({ id: '__Aggregate__Page' });

/** Turns the __aggregate_words__ into what the API returns. */
export function to__Aggregate__View(__aggregate__: __Aggregate__): __Aggregate__View {
  return {
    ...__aggregate__,
    createdAt: __aggregate__.createdAt.toISOString(),
    updatedAt: __aggregate__.updatedAt.toISOString(),
  };
}
