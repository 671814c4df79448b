import type { UnitOfWork } from '../database/unit-of-work.ts';
import { open } from '../domain/shipping.ts';
import { newEvent } from '../events/event.ts';
import createdEvent from '../events/schemas/shipping-created.v1.ts';

/** What a caller says of a new one. */
export interface Draft {
  readonly reference: string;
  /** Given by who may ask again and must not get a second one. */
  readonly id?: string;
}

/** Opens a new one, keeps it and says so, inside the caller's unit of work. */
export async function create(work: UnitOfWork, { reference, id }: Draft) {
  const created = open(reference, new Date(), id);
  await work.repository.insert(created);
  const data = { id: created.id, reference };
  await work.publish(newEvent(createdEvent, created.id, data, created.version));
  return created;
}
