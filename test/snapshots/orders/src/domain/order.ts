import { v7 as uuidv7 } from 'uuid';

/** An order as the service keeps it. */
export interface Order {
  /** A UUID of version 7: ids sort by the time of creation. */
  readonly id: string;
  /** The caller's own name for the order, 1 to 200 characters. */
  readonly reference: string;
  readonly status: 'open' | 'closed';
  /** Starts at 1 and grows by one with each change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Returns a new, open order. Without an `id` it gets a new one. */
export function openOrder(reference: string, now: Date, id = uuidv7()): Order {
  return { id, reference, status: 'open', version: 1, createdAt: now, updatedAt: now };
}

/** What a caller can change. */
export type OrderChanges = Pick<Order, 'reference' | 'status'>;

/** Returns the order with the changes and the next version; its argument stays as it is. */
export function changeOrder(order: Order, { reference, status }: OrderChanges, now: Date): Order {
  return {
    ...order,
    reference,
    status,
    version: order.version + 1,
    updatedAt: now,
  };
}
