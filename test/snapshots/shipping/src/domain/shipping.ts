import { v7 as uuidv7 } from 'uuid';

/** A shipping as the service keeps it. */
export interface Shipping {
  /** A UUID of version 7: ids sort by the time of creation. */
  readonly id: string;
  /** The caller's own name for the shipping, 1 to 200 characters. */
  readonly reference: string;
  readonly status: 'open' | 'closed';
  /** Starts at 1 and grows by one with each change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Returns a new, open shipping. Without an `id` it gets a new one. */
export function openShipping(reference: string, now: Date, id = uuidv7()): Shipping {
  return { id, reference, status: 'open', version: 1, createdAt: now, updatedAt: now };
}

/** What a caller can change. */
export type ShippingChanges = Pick<Shipping, 'reference' | 'status'>;

/** Returns the shipping with the changes and the next version; its argument stays as it is. */
export function changeShipping(
  shipping: Shipping,
  { reference, status }: ShippingChanges,
  now: Date,
): Shipping {
  return {
    ...shipping,
    reference,
    status,
    version: shipping.version + 1,
    updatedAt: now,
  };
}
