import { plainText } from 'service-chassis/api';
import { z } from 'zod';
import type { Order } from '../domain/order.ts';

const reference = plainText(200).meta({
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
