import { z } from 'zod';
import type { Order } from '../domain/order.ts';

/**
 * 1 to 200 characters, not only spaces, none of them a control character or half of one (a surrogate by
 * itself, which JSON can say and no database can keep). One pattern, so that the document says it all.
 */
const pattern =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it keeps out
  /^(?=\s*\S)[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{1,200}$/u;
const reference = z
  .string()
  .regex(pattern, 'must be 1 to 200 characters, not only spaces, without control characters')
  .meta({
    minLength: 1,
    maxLength: 200,
    description: "The caller's own name for the order",
  });
const status = z.enum(['open', 'closed']);

/** The body of a request that creates an order. */
export const newOrderSchema = z.object({ reference });

/** The body of a request that updates an order: everything that a caller can change. */
export const orderChangesSchema = z.object({
  reference,
  status,
});

/** An order as the API returns it. */
export const orderViewSchema = z
  .object({
    id: z.uuid(),
    reference: z.string(),
    status,
    version: z.number().int().min(1),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Order' });

export type OrderView = z.infer<typeof orderViewSchema>;

/** A page of orders as the API returns it. */
export const orderPageSchema = z
  .object({
    items: z.array(orderViewSchema),
    next: z.uuid().nullable().describe('Give it as `after` to get the following page'),
  })
  .meta({ id: 'OrderPage' });

/** Turns the order into what the API returns. */
export function toOrderView(order: Order): OrderView {
  return {
    ...order,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}
