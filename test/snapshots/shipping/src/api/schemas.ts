import { z } from 'zod';
import type { Shipping } from '../domain/shipping.ts';
import { problemSchema } from '../http/problem.ts';

/** What a caller sends to create one. */
export const creationSchema = z.object({
  reference: z.string().trim().min(1).max(200).describe("The caller's own name for it"),
});

/** How one is shown to callers. */
export const representationSchema = z.object({
  id: z.uuid(),
  reference: z.string(),
  status: z.enum(['open', 'closed']),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export type Representation = z.infer<typeof representationSchema>;

/** One page, and where the next begins. */
export const pageSchema = z.object({
  items: z.array(representationSchema),
  next: z.uuid().nullable().describe('Give it as `after` to get the following page'),
});

/** Error answers of every route, for the document. */
export const problemResponses = {
  '4xx': {
    description: 'Refused',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
  '5xx': {
    description: 'Failed',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
};

/** Shows a stored one as the API does. */
export function represent(found: Shipping): Representation {
  return {
    ...found,
    createdAt: found.createdAt.toISOString(),
    updatedAt: found.updatedAt.toISOString(),
  };
}
