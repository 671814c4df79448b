import type { UnitOfWork } from '../database/unit-of-work.ts';
import { open, type __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import { newEvent } from '../events/event.ts';
import createdEvent from '../events/schemas/__aggregate_kebab__-created.v1.ts';

/** Opens a new one, keeps it and says so, inside the caller's unit of work. */
export async function create(
  work: UnitOfWork,
  input: { readonly reference: string },
): Promise<__Aggregate__> {
  const created = open(input.reference, new Date());
  await work.repository.insert(created);
  const { id, reference } = created;
  await work.publish(newEvent(createdEvent, id, { id, reference }));
  return created;
}
