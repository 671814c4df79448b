import type { UnitOfWork } from '../database/unit-of-work.ts';
import { openShipping } from '../domain/shipping.ts';
import { newEvent } from '../events/event.ts';
import createdEvent from '../events/schemas/shipping-created.v1.ts';

/** What a caller gives to create a shipping. */
export interface NewShipping {
  readonly reference: string;
  /** Set by a caller that may repeat its call and must not create a second shipping. */
  readonly id?: string;
}

/** Creates a shipping and publishes the event about it, both within the unit of work. */
export async function createShipping(work: UnitOfWork, { reference, id }: NewShipping) {
  const shipping = openShipping(reference, new Date(), id);
  await work.repository.insert(shipping);
  const data = { id: shipping.id, reference };
  await work.publish(newEvent(createdEvent, data.id, data, shipping.version));
  return shipping;
}
