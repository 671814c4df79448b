import { z } from 'zod';
import type { Shipping } from '../domain/shipping.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it keeps out
const printable = /^[^\u0000-\u001f\u007f-\u009f]*$/;
const reference = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(printable, 'must have no control characters')
  .describe("The caller's own name for it");
const status = z.enum(['open', 'closed']);

/** What a caller sends to create one. */
export const creationSchema = z.object({ reference });

/** What a caller sends to change one: all that can be changed. */
export const changeSchema = z.object({ reference, status });

/** How one is shown to callers. */
export const representationSchema = z
  .object({
    id: z.uuid(),
    reference: z.string(),
    status,
    version: z.number().int().min(1),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Shipping' });

export type Representation = z.infer<typeof representationSchema>;

/** One page, and where the next begins. */
export const pageSchema = z
  .object({
    items: z.array(representationSchema),
    next: z.uuid().nullable().describe('Give it as `after` to get the following page'),
  })
  .meta({ id: 'PageOfShipping' });

/** Shows a stored one as the API does. */
export function represent(found: Shipping): Representation {
  return {
    ...found,
    createdAt: found.createdAt.toISOString(),
    updatedAt: found.updatedAt.toISOString(),
  };
}
