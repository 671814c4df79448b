import type { UnitOfWork } from '../database/unit-of-work.ts';
import { openOrder } from '../domain/order.ts';

/** What a caller gives to create an order. */
export interface NewOrder {
  readonly reference: string;
  /** Set by a caller that may repeat its call and must not create a second order. */
  readonly id?: string;
}

/** Creates an order within the unit of work and returns it. */
export async function createOrder(work: UnitOfWork, { reference, id }: NewOrder) {
  const order = openOrder(reference, new Date(), id);
  await work.repository.insert(order);
  return order;
}
