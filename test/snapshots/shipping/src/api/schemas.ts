import { plainText } from 'service-chassis/api';
import { z } from 'zod';
import type { Shipping } from '../domain/shipping.ts';

const reference = plainText(200).meta({
  description: "The caller's own name for the shipping",
});
const status = z.enum(['open', 'closed']);

/** The body of a request that creates a shipping. */
export const newShippingSchema = z.object({ reference });

/** The body of a request that updates a shipping: everything that a caller can change. */
export const shippingChangesSchema = z.object({
  reference,
  status,
});

/** A shipping as the API returns it. */
export const shippingViewSchema = z
  .object({
    id: z.uuid(),
    reference: z.string(),
    status,
    version: z.number().int().min(1),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Shipping' });

export type ShippingView = z.infer<typeof shippingViewSchema>;

/** A page of shipping as the API returns it. */
export const shippingPageSchema = z
  .object({
    items: z.array(shippingViewSchema),
    next: z.uuid().nullable().describe('Give it as `after` to get the following page'),
  })
  .meta({ id: 'ShippingPage' });

/** Turns the shipping into what the API returns. */
export function toShippingView(shipping: Shipping): ShippingView {
  return {
    ...shipping,
    createdAt: shipping.createdAt.toISOString(),
    updatedAt: shipping.updatedAt.toISOString(),
  };
}
